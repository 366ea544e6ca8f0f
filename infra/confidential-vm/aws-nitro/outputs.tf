output "address" {
  description = "Where the parent forwards to the node."
  value       = "http://${aws_instance.parent.private_ip}:${local.api_port}"
}
