# Renders text alone: no provider.
terraform {
  required_version = "~> 1.11"
}
