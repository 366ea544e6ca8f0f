# What may open a connection to a member. Everything else is refused; evidence decides again at each connection (contracts/spec/0020).
resource "aws_security_group" "silo" {
  name        = "${var.cluster}-silo"
  description = "CleanRoom silos"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "gateway" {
  name        = "${var.cluster}-gateway"
  description = "CleanRoom gateways"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "balancer" {
  name        = "${var.cluster}-balancer"
  description = "Where people reach CleanRoom gateways"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "silo_to_silo" {
  for_each = { silo = local.ports.silo, gateway = local.ports.gateway }

  security_group_id            = aws_security_group.silo.id
  referenced_security_group_id = aws_security_group.silo.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "gateway_to_silo" {
  security_group_id            = aws_security_group.silo.id
  referenced_security_group_id = aws_security_group.gateway.id
  ip_protocol                  = "tcp"
  from_port                    = local.ports.gateway
  to_port                      = local.ports.gateway
}

resource "aws_vpc_security_group_ingress_rule" "balancer_to_gateway" {
  security_group_id            = aws_security_group.gateway.id
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = local.ports.api
  to_port                      = local.ports.api
}

resource "aws_vpc_security_group_ingress_rule" "client_to_balancer" {
  for_each = toset(var.client_ranges)

  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.api
  to_port           = local.ports.api
}

# Out: database, bucket, Secrets Manager, other members. What leaves is sealed, so this is no defence, and the subnet has no way out but those.
resource "aws_vpc_security_group_egress_rule" "out" {
  for_each = merge(local.groups, { balancer = aws_security_group.balancer.id })

  security_group_id = each.value
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_lb" "gateway" {
  name               = "${var.cluster}-gateway"
  internal           = var.is_balancer_internal
  load_balancer_type = "network"
  subnets            = [var.balancer_subnet_id]
  security_groups    = [aws_security_group.balancer.id]
}

resource "aws_lb_target_group" "gateway" {
  name     = "${var.cluster}-gateway"
  vpc_id   = var.vpc_id
  protocol = "TCP"
  port     = local.ports.api

  # A channel belongs to the gateway that opened it (decision 0022).
  stickiness {
    enabled = true
    type    = "source_ip"
  }

  health_check {
    protocol = "HTTP"
    path     = "/health/ready"
    interval = 5
    timeout  = 2
  }
}

resource "aws_lb_target_group_attachment" "gateway" {
  for_each = { for name, role in local.roles : name => role if role == "gateway" }

  target_group_arn = aws_lb_target_group.gateway.arn
  target_id        = aws_instance.member[each.key].id
}

resource "aws_lb_listener" "gateway" {
  load_balancer_arn = aws_lb.gateway.arn
  protocol          = "TCP"
  port              = local.ports.api

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.gateway.arn
  }
}
