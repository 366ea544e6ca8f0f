output "address" {
  description = "Where people reach the gateways."
  value       = "http://${google_compute_forwarding_rule.gateway.ip_address}:${var.ports.api}"
}
