# What may open a connection to a member. Everything else is refused, also where the network allows more; evidence decides again at each connection
# (contracts/spec/0020).
locals {
  silo_tag    = "${var.cluster}-silo"
  gateway_tag = "${var.cluster}-gateway"

  # From where this cloud's load balancers ask whether a machine is well.
  probe_ranges = ["35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"]
}

resource "google_compute_firewall" "silo_to_silo" {
  name        = "${var.cluster}-silo-to-silo"
  network     = var.network
  priority    = 900
  direction   = "INGRESS"
  source_tags = [local.silo_tag]
  target_tags = [local.silo_tag]

  allow {
    protocol = "tcp"
    ports    = [var.ports.silo, var.ports.gateway]
  }
}

resource "google_compute_firewall" "gateway_to_silo" {
  name        = "${var.cluster}-gateway-to-silo"
  network     = var.network
  priority    = 900
  direction   = "INGRESS"
  source_tags = [local.gateway_tag]
  target_tags = [local.silo_tag]

  allow {
    protocol = "tcp"
    ports    = [var.ports.gateway]
  }
}

resource "google_compute_firewall" "client_to_gateway" {
  name          = "${var.cluster}-client-to-gateway"
  network       = var.network
  priority      = 900
  direction     = "INGRESS"
  source_ranges = concat(var.client_ranges, local.probe_ranges)
  target_tags   = [local.gateway_tag]

  allow {
    protocol = "tcp"
    ports    = [var.ports.api]
  }
}

resource "google_compute_firewall" "nothing_else" {
  name          = "${var.cluster}-nothing-else"
  network       = var.network
  priority      = 910
  direction     = "INGRESS"
  source_ranges = ["0.0.0.0/0"]
  target_tags   = [local.silo_tag, local.gateway_tag]

  deny {
    protocol = "all"
  }
}

resource "google_compute_instance_group" "gateway" {
  name      = "${var.cluster}-gateway"
  zone      = var.zone
  instances = [for name, role in local.roles : google_compute_instance.member[name].self_link if role == "gateway"]
}

resource "google_compute_region_health_check" "gateway" {
  name               = "${var.cluster}-gateway"
  region             = var.region
  check_interval_sec = 5

  http_health_check {
    port         = var.ports.api
    request_path = "/health/ready"
  }
}

resource "google_compute_region_backend_service" "gateway" {
  name                  = "${var.cluster}-gateway"
  region                = var.region
  load_balancing_scheme = "EXTERNAL"
  protocol              = "TCP"
  health_checks         = [google_compute_region_health_check.gateway.id]

  # A channel belongs to the gateway that opened it (decision 0022).
  session_affinity = "CLIENT_IP"

  backend {
    group          = google_compute_instance_group.gateway.self_link
    balancing_mode = "CONNECTION"
  }
}

resource "google_compute_forwarding_rule" "gateway" {
  name                  = "${var.cluster}-gateway"
  region                = var.region
  load_balancing_scheme = "EXTERNAL"
  ip_protocol           = "TCP"
  ports                 = [var.ports.api]
  backend_service       = google_compute_region_backend_service.gateway.id
}
