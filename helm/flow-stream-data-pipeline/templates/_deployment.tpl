{{/*
The Deployment of one half, both from the one image.
Takes a dict: root (the chart's context), role (the program's --role), half (the values of this half),
env (what only this half needs, as YAML text; may be empty), hasInternalApi.
*/}}
{{- define "sdp.deployment" -}}
{{- $root := .root -}}
{{- $name := printf "%s-%s" (include "sdp.fullname" $root) .role -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "sdp.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  replicas: {{ .half.replicas }}
  selector:
    matchLabels:
      {{- include "sdp.selectorLabels" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
  template:
    metadata:
      labels:
        {{- include "sdp.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .role }}
        {{- with .half.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # Settings are read once, so a change has to replace the pods.
        checksum/config: {{ include (print $root.Template.BasePath "/configmap.yaml") $root | sha256sum }}
        checksum/secret: {{ include (print $root.Template.BasePath "/secret.yaml") $root | sha256sum }}
        {{- with .half.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "sdp.serviceAccountName" $root }}
      automountServiceAccountToken: false
      # Else a Service of this namespace could look like a setting.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- toYaml $root.Values.podSecurityContext | nindent 8 }}
      containers:
        - name: {{ .role }}
          image: {{ include "sdp.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: ["--role", {{ .role | quote }}, "--config", "/etc/flow-stream-data-pipeline/config.yaml"]
          env:
            - name: SDP_SERVER_BINDADDRESS
              value: 0.0.0.0
            {{- if .hasInternalApi }}
            - name: SDP_SERVER_INTERNALBINDADDRESS
              value: 0.0.0.0
            {{- end }}
            {{- with .env }}
            {{- . | nindent 12 }}
            {{- end }}
            {{- range $variable := list "SDP_MQ_PASSWORD" "SDP_OPENSEARCH_PASSWORD" }}
            - name: {{ $variable }}
              valueFrom:
                secretKeyRef:
                  name: {{ include "sdp.secretName" $root }}
                  key: {{ $variable }}
                  # Kafka and OpenSearch may be open to those inside the cluster.
                  optional: true
            {{- end }}
            {{- with .half.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: {{ include "sdp.httpPort" $root }}
            {{- if .hasInternalApi }}
            - name: internal
              containerPort: {{ include "sdp.internalHttpPort" $root }}
            {{- end }}
          startupProbe:
            httpGet:
              path: /health/live
              port: http
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet:
              path: /health/live
              port: http
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet:
              path: /health/ready
              port: http
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          resources:
            {{- toYaml .half.resources | nindent 12 }}
          securityContext:
            {{- toYaml $root.Values.securityContext | nindent 12 }}
          volumeMounts:
            - name: config
              mountPath: /etc/flow-stream-data-pipeline
              readOnly: true
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: config
          configMap:
            name: {{ include "sdp.fullname" $root }}
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
      {{- with .half.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .half.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .half.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}
