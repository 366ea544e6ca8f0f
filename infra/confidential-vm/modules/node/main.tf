locals {
  objects = templatefile("${path.module}/objects-${var.objects.kind}.json.tftpl", var.objects)

  node = templatefile("${path.module}/node.json.tftpl", {
    tee          = var.tee
    schema       = var.schema
    objects      = local.objects
    cluster      = var.cluster.id
    name         = var.cluster.name
    address      = var.cluster.address
    api_port     = var.ports.api
    silo_port    = var.ports.silo
    gateway_port = var.ports.gateway
  })
}
