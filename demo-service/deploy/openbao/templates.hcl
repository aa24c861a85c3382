# OpenBao's agent, or Vault's, writes the secret to the file where a service with
# APP_SECRETS=dir and APP_SECRETS_DIR_PATH=/run/demo-service reads it:
#
#   bao agent -config=templates.hcl

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

template {
  contents             = "{{ with secret \"secret/data/dev/app-name\" }}{{ .Data.data.db_url }}{{ end }}"
  destination          = "/run/demo-service/db_url"
  perms                = "0400"
  error_on_missing_key = true
  # No command: the service takes the new secret while it runs.
}
