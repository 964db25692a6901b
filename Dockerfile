# Nothing in here depends on the processor: the program and its packages are plain JavaScript, so one build serves every
# platform (docker buildx build --platform linux/amd64,linux/arm64 .) and no step runs under emulation.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=node:24-bookworm-slim

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The optional packages are whole Node binaries for machines without one; the image has its own. A registry that needs a
# login: docker build --secret id=npmrc,src=$HOME/.npmrc .
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=optional
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
# Git is not in here: the commit that /health and --version tell is --build-arg REVISION=$(git rev-parse HEAD).
ARG VERSION
ARG REVISION
RUN VERSION="$VERSION" REVISION="$REVISION" npm run build
# Node never reads type declarations, source maps and TypeScript sources of packages: half of their size.
RUN npm prune --omit=dev --omit=optional \
    && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' \) -delete \
    && rm -rf node_modules/.cache dist/.tsbuildinfo

FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED
LABEL org.opencontainers.image.title="flow-stream-data-pipeline" \
      org.opencontainers.image.description="Stream data pipelines from Kafka to OpenSearch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# Inside a container loopback would be out of everybody's reach.
ENV NODE_ENV=production \
    SDP_SERVER_BINDADDRESS=0.0.0.0
WORKDIR /app
# Owned by root and only readable for the user below; the program writes no file, so the root file system may be read-only.
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json ./
COPY config config
USER 10001:10001
EXPOSE 13012
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SDP_SERVER_HTTPPORT || 13012}/health/live`, { signal: AbortSignal.timeout(4000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["--role", "all"]
