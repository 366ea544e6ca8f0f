output "address" {
  description = "Where people reach the gateways."
  value       = "http://${azurerm_public_ip.gateway.ip_address}:${local.ports.api}"
}
