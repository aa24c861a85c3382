ui           = false
api_addr     = "https://127.0.0.1:{port}"
cluster_addr = "https://127.0.0.1:{cluster_port}"

storage "raft" {
  path                   = "{dir}/data"
  node_id                = "one"
  performance_multiplier = 1
}

listener "tcp" {
  address         = "127.0.0.1:{port}"
  cluster_address = "127.0.0.1:{cluster_port}"
  tls_cert_file   = "{dir}/server.pem"
  tls_key_file    = "{dir}/server.key"

  tls_client_ca_file                 = "{dir}/ca.pem"
  tls_require_and_verify_client_cert = true
}

audit "file" "to-file" {
  options {
    file_path = "{dir}/audit.log"
  }
}
