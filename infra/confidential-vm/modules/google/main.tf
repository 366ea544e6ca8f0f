locals {
  roles = merge(
    { for number in range(var.silos) : "${var.cluster}-silo-${number + 1}" => "silo" },
    { for number in range(var.gateways) : "${var.cluster}-gateway-${number + 1}" => "gateway" },
  )

  secrets = {
    postgres = var.postgres_secret
    s3       = var.bucket_secret
  }
}

resource "google_service_account" "member" {
  account_id   = var.cluster
  display_name = "CleanRoom member"
}

resource "google_secret_manager_secret_iam_member" "member" {
  for_each = local.secrets

  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.member.member
}

resource "google_compute_address" "member" {
  for_each = local.roles

  name         = each.key
  region       = var.region
  address_type = "INTERNAL"
  subnetwork   = var.subnetwork
}

module "node" {
  source   = "../node"
  for_each = local.roles

  role    = each.value
  tee     = var.tee
  schema  = var.schema
  ports   = var.ports
  secrets = local.secrets

  cluster = {
    id      = var.cluster
    name    = each.key
    address = google_compute_address.member[each.key].address
  }

  objects = {
    kind             = "s3"
    bucket           = var.bucket.name
    region           = var.bucket.region
    endpoint         = var.bucket.endpoint
    credentials_file = "/run/cleanroom-secrets/s3"
  }
}

resource "google_compute_instance" "member" {
  for_each = local.roles

  name             = each.key
  zone             = var.zone
  machine_type     = var.machine_type
  min_cpu_platform = var.min_cpu_platform
  tags             = ["${var.cluster}-${each.value}"]

  confidential_instance_config {
    enable_confidential_compute = true
    confidential_instance_type  = var.confidential_instance_type
  }

  # No confidential machine of these two kinds moves while it runs.
  scheduling {
    on_host_maintenance = "TERMINATE"
    automatic_restart   = true
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  # Encrypted at rest, as every disk of this cloud is, under the cloud's key: nothing in clear is on it.
  boot_disk {
    auto_delete = true

    initialize_params {
      image = var.image
    }
  }

  # No access_config: no public address.
  network_interface {
    subnetwork = var.subnetwork
    network_ip = google_compute_address.member[each.key].address
    nic_type   = "GVNIC"
  }

  service_account {
    email  = google_service_account.member.email
    scopes = ["cloud-platform"]
  }

  metadata = {
    cleanroom              = module.node[each.key].document
    block-project-ssh-keys = "TRUE"
    enable-oslogin         = "FALSE"
    serial-port-enable     = "FALSE"
  }

  depends_on = [google_secret_manager_secret_iam_member.member]
}
