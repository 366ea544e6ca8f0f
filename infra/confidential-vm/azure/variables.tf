variable "subscription_id" {
  description = "The subscription that holds all of this."
  type        = string
}

variable "resource_group" {
  description = "The resource group, which is there."
  type        = string
}

variable "location" {
  description = "A region that has confidential machines of this size."
  type        = string
}

variable "subnet_id" {
  description = "A subnet of the network that the database is reached in, with service endpoints for Key Vault and Storage."
  type        = string
}

variable "image_id" {
  description = "The image of a member: a version of a gallery image whose security type is ConfidentialVM (README.md, The image)."
  type        = string
}

variable "size" {
  description = "A DCasv5, DCadsv5, ECasv5 or ECadsv5 machine: SEV-SNP behind Microsoft's paravisor."
  type        = string
  default     = "Standard_DC4as_v5"

  validation {
    condition     = can(regex("^Standard_[DE]C[0-9]+ad?s_v5$", var.size))
    error_message = "size: of DCasv5, DCadsv5, ECasv5 or ECadsv5."
  }
}

variable "ssh_public_key" {
  description = "The provider wants one. Nothing takes it: port 22 is closed, no agent installs it, and the image has no SSH server."
  type        = string
}

variable "cluster" {
  description = "The name of the cluster."
  type        = string
  default     = "cleanroom"
}

variable "silos" {
  description = "How many machines run rooms."
  type        = number
  default     = 3
}

variable "gateways" {
  description = "How many machines people connect to."
  type        = number
  default     = 2
}

variable "client_ranges" {
  description = "From where people may reach the gateways' port, as CIDR."
  type        = list(string)
}

variable "container" {
  description = "The container of sealed objects. It is not made."
  type        = string
}

variable "key_vault" {
  description = "The vault that holds the secrets: its id, and its address as https://NAME.vault.azure.net."
  type = object({
    id  = string
    uri = string
  })
}

variable "postgres_secret" {
  description = "The name of the vault's secret that is the database's connection string, as Npgsql reads it."
  type        = string
}

variable "storage_secret" {
  description = "The name of the vault's secret that is the storage account's connection string."
  type        = string
}
