# OpenBao's agent, or Vault's, starts the service with the secret in the environment, and starts
# the service again after a change of the secret:
#
#   bao agent -config=supervisor.hcl

vault {
  address = "https://vault.internal:8200"
  ca_cert = "/etc/demo-service/ca.pem"
}

auto_auth {
  method "approle" {
    config = {
      role_id_file_path   = "/etc/demo-service/role_id"
      secret_id_file_path = "/etc/demo-service/secret_id"
      # The agent needs the file for the login after a restart.
      remove_secret_id_file_after_reading = false
    }
  }
}

template_config {
  static_secret_render_interval = "5m"
  exit_on_retry_failure         = true
}

env_template "APP_DB_URL" {
  contents             = "{{ with secret \"secret/data/dev/app-name\" }}{{ .Data.data.db_url }}{{ end }}"
  error_on_missing_key = true
}

exec {
  # The agent kills a service that has not ended 30 seconds after the signal.
  command                   = ["env", "APP_STOP_TIMEOUT=30s", "/app/run-app.sh"]
  restart_on_secret_changes = "always"
  restart_stop_signal       = "SIGTERM"
}
