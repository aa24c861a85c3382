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
}

audit "file" "to-file" {
  options {
    file_path = "{dir}/audit.log"
  }
}
