# Amazon EC2, AMD SEV-SNP. Not applied: see ../README.md.
locals {
  roles = merge(
    { for number in range(var.silos) : "${var.cluster}-silo-${number + 1}" => "silo" },
    { for number in range(var.gateways) : "${var.cluster}-gateway-${number + 1}" => "gateway" },
  )

  groups = {
    silo    = aws_security_group.silo.id
    gateway = aws_security_group.gateway.id
  }

  ports = {
    api     = 8470
    silo    = 11111
    gateway = 30000
  }
}

module "identity" {
  source = "../modules/aws-identity"

  name        = var.cluster
  secret_arns = [var.postgres_secret_arn]
  bucket      = var.bucket
}

# Made before the machine, so that the machine can be told its address.
resource "aws_network_interface" "member" {
  for_each = local.roles

  subnet_id       = var.member_subnet_id
  security_groups = [local.groups[each.value]]
}

module "node" {
  source   = "../modules/node"
  for_each = local.roles

  role   = each.value
  tee    = "amd-sev-snp"
  schema = "cleanroom"
  ports  = local.ports

  cluster = {
    id      = var.cluster
    name    = each.key
    address = aws_network_interface.member[each.key].private_ip
  }

  # No file of credentials: the machine's own identity may use the bucket.
  objects = {
    kind   = "s3"
    bucket = var.bucket
    region = var.region
  }

  secrets = {
    postgres = var.postgres_secret_arn
  }
}

resource "aws_instance" "member" {
  for_each = local.roles

  ami                         = var.image
  instance_type               = var.instance_type
  iam_instance_profile        = module.identity.profile
  user_data                   = module.node[each.key].document
  user_data_replace_on_change = true

  cpu_options {
    amd_sev_snp = "enabled"
  }

  # No key_name: nobody logs in. No public address: the interface has none.
  primary_network_interface {
    network_interface_id = aws_network_interface.member[each.key].id
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
    Name = each.key
  }
}
