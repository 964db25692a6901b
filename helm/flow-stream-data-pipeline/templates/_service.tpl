{{/* Takes a dict: root, role (whose pods), suffix (of the name), type, port, target (the container port's name), annotations. */}}
{{- define "sdp.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "sdp.fullname" .root }}-{{ .suffix }}
  labels:
    {{- include "sdp.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .type }}
  selector:
    {{- include "sdp.selectorLabels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
  ports:
    # Named after its target, so that a ServiceMonitor can tell the public from the internal port.
    - name: {{ .target }}
      port: {{ .port }}
      targetPort: {{ .target }}
{{- end }}
