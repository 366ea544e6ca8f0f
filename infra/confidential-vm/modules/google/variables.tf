variable "confidential_instance_type" {
  description = "The TEE that the machines start with: SEV_SNP or TDX."
  type        = string

  validation {
    condition     = contains(["SEV_SNP", "TDX"], var.confidential_instance_type)
    error_message = "confidential_instance_type: SEV_SNP or TDX. SEV alone has no evidence that a node makes."
  }
}

variable "tee" {
  description = "The same TEE by the name that the node has for it."
  type        = string
}

variable "min_cpu_platform" {
  description = "The oldest processor that is taken; null where the machine type says it."
  type        = string
  default     = null
}

variable "machine_type" {
  description = "The machine type of silos and gateways."
  type        = string
}

variable "cluster" {
  description = "The name of the cluster, which every name here begins with."
  type        = string
}

variable "region" {
  description = "Where gateways are reached."
  type        = string
}

variable "zone" {
  description = "Where the machines are: one that has machines with this TEE."
  type        = string
}

variable "network" {
  description = "The network that the database is reached in."
  type        = string
}

variable "subnetwork" {
  description = "A subnetwork of it with private Google access, so that machines without a public address reach Secret Manager."
  type        = string
}

variable "image" {
  description = "The image of a member, by its full name, never a family: what it measures is what the contract names."
  type        = string
}

variable "silos" {
  description = "How many machines run rooms."
  type        = number
}

variable "gateways" {
  description = "How many machines people connect to."
  type        = number
}

variable "client_ranges" {
  description = "From where people may reach the gateways' port, as CIDR."
  type        = list(string)
}

variable "ports" {
  description = "The ports of the API, of silos for silos, of silos for gateways."
  type = object({
    api     = number
    silo    = number
    gateway = number
  })
}

variable "schema" {
  description = "The schema of the ledger's tables in the database."
  type        = string
}

variable "bucket" {
  description = "The bucket of sealed objects: its name, region and S3 address."
  type = object({
    name     = string
    region   = string
    endpoint = string
  })
}

variable "postgres_secret" {
  description = "The full name of the secret in Secret Manager whose newest version is the database's connection string, as Npgsql reads it."
  type        = string
}

variable "bucket_secret" {
  description = "The full name of the secret whose newest version is a file of credentials for the bucket, in the form that AWS's tools read."
  type        = string
}
