# Azure confidential VMs, AMD SEV-SNP behind a virtual TPM. Not applied: see ../README.md.
locals {
  roles = merge(
    { for number in range(var.silos) : "${var.cluster}-silo-${number + 1}" => "silo" },
    { for number in range(var.gateways) : "${var.cluster}-gateway-${number + 1}" => "gateway" },
  )

  secrets = {
    postgres = var.postgres_secret
    storage  = var.storage_secret
  }

  ports = {
    api     = 8470
    silo    = 11111
    gateway = 30000
  }
}

resource "azurerm_user_assigned_identity" "member" {
  name                = var.cluster
  resource_group_name = var.resource_group
  location            = var.location
}

resource "azurerm_role_assignment" "secret" {
  for_each = local.secrets

  scope                = "${var.key_vault.id}/secrets/${each.value}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.member.principal_id
}

# Made before the machine, so that the machine can be told its address.
resource "azurerm_network_interface" "member" {
  for_each = local.roles

  name                = each.key
  resource_group_name = var.resource_group
  location            = var.location

  ip_configuration {
    name                          = "member"
    subnet_id                     = var.subnet_id
    private_ip_address_allocation = "Dynamic"
  }
}

module "node" {
  source   = "../modules/node"
  for_each = local.roles

  role   = each.value
  tee    = "azure-vtpm"
  schema = "cleanroom"
  ports  = local.ports

  cluster = {
    id      = var.cluster
    name    = each.key
    address = azurerm_network_interface.member[each.key].private_ip_address
  }

  objects = {
    kind            = "azure-blobs"
    container       = var.container
    connection_file = "/run/cleanroom-secrets/storage"
  }

  secrets = { for file, name in local.secrets : file => "${var.key_vault.uri}/secrets/${name}" }
}

resource "azurerm_linux_virtual_machine" "member" {
  for_each = local.roles

  name                  = each.key
  resource_group_name   = var.resource_group
  location              = var.location
  size                  = var.size
  source_image_id       = var.image_id
  network_interface_ids = [azurerm_network_interface.member[each.key].id]
  user_data             = base64encode(module.node[each.key].document)

  secure_boot_enabled = true
  vtpm_enabled        = true

  # The disk as well as the state of the virtual TPM, and bound to it.
  os_disk {
    caching                  = "ReadOnly"
    storage_account_type     = "Premium_LRS"
    security_encryption_type = "DiskWithVMGuestState"
  }

  # The agent runs what the cloud's operator sends it, as root: none. Without boot_diagnostics there is no serial console.
  provision_vm_agent              = false
  allow_extension_operations      = false
  disable_password_authentication = true
  admin_username                  = "nobody-logs-in"

  admin_ssh_key {
    username   = "nobody-logs-in"
    public_key = var.ssh_public_key
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.member.id]
  }

  depends_on = [azurerm_role_assignment.secret, azurerm_network_interface_security_group_association.member]
}
