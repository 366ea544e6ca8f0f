# Amazon EC2, a parent machine with one Nitro Enclave. Not applied, and not the whole way: see ../README.md, Nitro.
locals {
  api_port = 8470
}

module "identity" {
  source = "../modules/aws-identity"

  name        = var.name
  secret_arns = [var.postgres_secret_arn]
  bucket      = var.bucket
}

resource "aws_security_group" "parent" {
  name        = var.name
  description = "A CleanRoom node in an enclave"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "client_to_node" {
  for_each = toset(var.client_ranges)

  security_group_id = aws_security_group.parent.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.api_port
  to_port           = local.api_port
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.parent.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_instance" "parent" {
  ami                         = var.image
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [aws_security_group.parent.id]
  associate_public_ip_address = false
  iam_instance_profile        = module.identity.profile
  user_data_replace_on_change = true

  # The parent is the operator's and outside of the TEE, so what it is told may run there.
  user_data = templatefile("${path.module}/parent.yaml.tftpl", {
    enclave_image = var.enclave_image
    cpus          = var.enclave.cpus
    memory_mib    = floor(var.enclave.memory_bytes / 1048576)
    database_host = var.database.host
    database_port = var.database.port
    objects_host  = "s3.${var.region}.amazonaws.com"
    api_port      = local.api_port
  })

  enclave_options {
    enabled = true
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    volume_type = "gp3"
  }

  tags = {
    Name = var.name
  }
}
