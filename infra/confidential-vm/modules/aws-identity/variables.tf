variable "name" {
  description = "The name of the role and of its profile."
  type        = string
}

variable "secret_arns" {
  description = "The secrets that a machine may read."
  type        = list(string)
}

variable "bucket" {
  description = "The bucket that a machine keeps sealed objects in."
  type        = string
}
