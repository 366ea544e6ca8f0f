variable "region" {
  description = "A region that has SEV-SNP: us-east-2 or eu-west-1."
  type        = string

  validation {
    condition     = contains(["us-east-2", "eu-west-1"], var.region)
    error_message = "region: us-east-2 or eu-west-1."
  }
}

variable "vpc_id" {
  description = "The VPC that the database is reached in."
  type        = string
}

variable "member_subnet_id" {
  description = "A subnet without a way in from the internet. It reaches S3 and Secrets Manager through VPC endpoints."
  type        = string
}

variable "balancer_subnet_id" {
  description = "A subnet of the same zone where the load balancer stands: public, or reached by the clients in another way."
  type        = string
}

variable "is_balancer_internal" {
  description = "Whether the load balancer has private addresses alone."
  type        = bool
  default     = false
}

variable "image" {
  description = "The AMI of a member (README.md, The image)."
  type        = string
}

variable "instance_type" {
  description = "An M6a, C6a or R6a machine: no other has SEV-SNP here."
  type        = string
  default     = "m6a.xlarge"

  validation {
    condition     = can(regex("^[mcr]6a\\.", var.instance_type))
    error_message = "instance_type: of m6a, c6a or r6a."
  }
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
  description = "The bucket of sealed objects, in the same region. It is not made."
  type        = string
}

variable "postgres_secret_arn" {
  description = "The secret of Secrets Manager that is the database's connection string, as Npgsql reads it."
  type        = string
}
