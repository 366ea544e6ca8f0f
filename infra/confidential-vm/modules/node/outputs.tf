output "configuration" {
  description = "node.json, as cleanroom serve --config reads it."
  value       = local.node
}

output "document" {
  description = "What the machine is told: data that ../../image/cleanroom-configure reads, and nothing that runs."
  value = jsonencode({
    role    = var.role
    node    = jsondecode(local.node)
    secrets = var.secrets
  })
}
