variable "project" {
  description = "The project that holds all of this."
  type        = string
}

variable "region" {
  description = "The region of the subnetwork."
  type        = string
}

variable "zone" {
  description = "A zone that has machines with this TEE."
  type        = string
}

variable "network" {
  description = "The network that the database is reached in."
  type        = string
}

variable "subnetwork" {
  description = "A subnetwork of it with private Google access."
  type        = string
}

variable "image" {
  description = "The image of a member, by its full name (README.md, The image)."
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

variable "bucket" {
  description = "The bucket of sealed objects: its name, region and S3 address. The server must heed If-None-Match on a put, or no silo starts."
  type = object({
    name     = string
    region   = string
    endpoint = string
  })
}

variable "postgres_secret" {
  description = "The full name of the secret that is the database's connection string: projects/PROJECT/secrets/NAME."
  type        = string
}

variable "bucket_secret" {
  description = "The full name of the secret that is the file of credentials for the bucket."
  type        = string
}
