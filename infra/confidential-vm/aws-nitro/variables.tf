variable "region" {
  description = "Where the machine is."
  type        = string
}

variable "vpc_id" {
  description = "The VPC that the database is reached in."
  type        = string
}

variable "subnet_id" {
  description = "A subnet without a way in from the internet. It reaches S3 through a VPC endpoint."
  type        = string
}

variable "image" {
  description = "The parent's AMI: Amazon Linux with aws-nitro-enclaves-cli and socat, and the enclave's image in it."
  type        = string
}

variable "enclave_image" {
  description = "Where the enclave's image lies in the parent's, an absolute path."
  type        = string
}

variable "instance_type" {
  description = "A machine that can have an enclave, with processors and memory for the enclave besides the parent's own."
  type        = string
  default     = "m6a.2xlarge"
}

variable "enclave" {
  description = "Processors and memory that the parent gives away."
  type = object({
    cpus         = number
    memory_bytes = number
  })
  default = {
    cpus         = 4
    memory_bytes = 17179869184
  }
}

variable "name" {
  description = "The name of the machine and of what belongs to it."
  type        = string
  default     = "cleanroom-nitro"
}

variable "client_ranges" {
  description = "From where people may reach the node's port, as CIDR."
  type        = list(string)
}

variable "bucket" {
  description = "The bucket of sealed objects, in the same region. It is not made."
  type        = string
}

variable "database" {
  description = "Where the database is, for the forwarder of the parent."
  type = object({
    host = string
    port = number
  })
}

variable "postgres_secret_arn" {
  description = "The secret of Secrets Manager that is the database's connection string."
  type        = string
}
