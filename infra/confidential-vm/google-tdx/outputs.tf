output "address" {
  description = "Where people reach the gateways."
  value       = module.cluster.address
}
