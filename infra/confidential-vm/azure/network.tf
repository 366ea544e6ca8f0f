# What may open a connection to a member. Everything else is refused, also from the same network; evidence decides again at each connection
# (contracts/spec/0020).
resource "azurerm_application_security_group" "member" {
  for_each = toset(["silo", "gateway"])

  name                = "${var.cluster}-${each.key}"
  resource_group_name = var.resource_group
  location            = var.location
}

resource "azurerm_network_security_group" "member" {
  name                = var.cluster
  resource_group_name = var.resource_group
  location            = var.location

  security_rule {
    name                                       = "silo-to-silo"
    priority                                   = 100
    direction                                  = "Inbound"
    access                                     = "Allow"
    protocol                                   = "Tcp"
    source_port_range                          = "*"
    destination_port_ranges                    = [local.ports.silo, local.ports.gateway]
    source_application_security_group_ids      = [azurerm_application_security_group.member["silo"].id]
    destination_application_security_group_ids = [azurerm_application_security_group.member["silo"].id]
  }

  security_rule {
    name                                       = "gateway-to-silo"
    priority                                   = 110
    direction                                  = "Inbound"
    access                                     = "Allow"
    protocol                                   = "Tcp"
    source_port_range                          = "*"
    destination_port_ranges                    = [local.ports.gateway]
    source_application_security_group_ids      = [azurerm_application_security_group.member["gateway"].id]
    destination_application_security_group_ids = [azurerm_application_security_group.member["silo"].id]
  }

  security_rule {
    name                                       = "client-to-gateway"
    priority                                   = 120
    direction                                  = "Inbound"
    access                                     = "Allow"
    protocol                                   = "Tcp"
    source_port_range                          = "*"
    source_address_prefixes                    = var.client_ranges
    destination_port_ranges                    = [local.ports.api]
    destination_application_security_group_ids = [azurerm_application_security_group.member["gateway"].id]
  }

  security_rule {
    name                                       = "probe-to-gateway"
    priority                                   = 130
    direction                                  = "Inbound"
    access                                     = "Allow"
    protocol                                   = "Tcp"
    source_port_range                          = "*"
    source_address_prefix                      = "AzureLoadBalancer"
    destination_port_ranges                    = [local.ports.api]
    destination_application_security_group_ids = [azurerm_application_security_group.member["gateway"].id]
  }

  security_rule {
    name                       = "nothing-else"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_port_range     = "*"
    destination_address_prefix = "*"
  }
}

resource "azurerm_network_interface_security_group_association" "member" {
  for_each = local.roles

  network_interface_id      = azurerm_network_interface.member[each.key].id
  network_security_group_id = azurerm_network_security_group.member.id
}

resource "azurerm_network_interface_application_security_group_association" "member" {
  for_each = local.roles

  network_interface_id          = azurerm_network_interface.member[each.key].id
  application_security_group_id = azurerm_application_security_group.member[each.value].id
}

# The load balancer's address, and the only public one.
resource "azurerm_public_ip" "gateway" {
  name                = "${var.cluster}-gateway"
  resource_group_name = var.resource_group
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_lb" "gateway" {
  name                = "${var.cluster}-gateway"
  resource_group_name = var.resource_group
  location            = var.location
  sku                 = "Standard"

  frontend_ip_configuration {
    name                 = "gateway"
    public_ip_address_id = azurerm_public_ip.gateway.id
  }
}

resource "azurerm_lb_backend_address_pool" "gateway" {
  name            = "gateway"
  loadbalancer_id = azurerm_lb.gateway.id
}

resource "azurerm_network_interface_backend_address_pool_association" "gateway" {
  for_each = { for name, role in local.roles : name => role if role == "gateway" }

  network_interface_id    = azurerm_network_interface.member[each.key].id
  ip_configuration_name   = "member"
  backend_address_pool_id = azurerm_lb_backend_address_pool.gateway.id
}

resource "azurerm_lb_probe" "gateway" {
  name                = "ready"
  loadbalancer_id     = azurerm_lb.gateway.id
  protocol            = "Http"
  port                = local.ports.api
  request_path        = "/health/ready"
  interval_in_seconds = 5
}

resource "azurerm_lb_rule" "gateway" {
  name                           = "api"
  loadbalancer_id                = azurerm_lb.gateway.id
  protocol                       = "Tcp"
  frontend_ip_configuration_name = "gateway"
  frontend_port                  = local.ports.api
  backend_port                   = local.ports.api
  backend_address_pool_ids       = [azurerm_lb_backend_address_pool.gateway.id]
  probe_id                       = azurerm_lb_probe.gateway.id
  disable_outbound_snat          = true
  idle_timeout_in_minutes        = 30

  # A channel belongs to the gateway that opened it (decision 0022).
  load_distribution = "SourceIP"
}
