output "address" {
  description = "Where people reach the gateways."
  value       = "http://${aws_lb.gateway.dns_name}:${local.ports.api}"
}
