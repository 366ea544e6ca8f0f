variable "role" {
  description = "What of a node runs on the machine: silo or gateway."
  type        = string

  validation {
    condition     = contains(["silo", "gateway"], var.role)
    error_message = "role: silo or gateway."
  }
}

variable "tee" {
  description = "The TEE by its name (contracts/spec/0006 s.11): a machine that has another, or none, does not start a node."
  type        = string
}

variable "cluster" {
  description = "The name of the cluster; the name of this machine, the same after a restart; the address at which other members reach it."
  type = object({
    id      = string
    name    = string
    address = string
  })
}

variable "ports" {
  description = "The ports of the API and /health, of silos for silos, of silos for gateways."
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

variable "objects" {
  description = "The store of sealed objects: kind s3 or azure-blobs, and the fields of that kind's template; null where a field is of another kind or left to its default."
  type = object({
    kind             = string
    bucket           = optional(string)
    region           = optional(string)
    endpoint         = optional(string)
    credentials_file = optional(string)
    container        = optional(string)
    connection_file  = optional(string)
  })

  validation {
    condition     = contains(["s3", "azure-blobs"], var.objects.kind)
    error_message = "objects.kind: s3 or azure-blobs."
  }
}

variable "secrets" {
  description = "What the machine fetches with its identity: the file's name below /run/cleanroom-secrets, and the secret's name in the cloud's store. Names, never contents: the machine's document is no secret."
  type        = map(string)
}
