# Google Compute Engine, AMD SEV-SNP. Not applied: see ../README.md.
module "cluster" {
  source = "../modules/google"

  confidential_instance_type = "SEV_SNP"
  tee                        = "amd-sev-snp"
  machine_type               = "n2d-standard-4"
  min_cpu_platform           = "AMD Milan"

  cluster         = var.cluster
  region          = var.region
  zone            = var.zone
  network         = var.network
  subnetwork      = var.subnetwork
  image           = var.image
  silos           = var.silos
  gateways        = var.gateways
  client_ranges   = var.client_ranges
  schema          = "cleanroom"
  bucket          = var.bucket
  postgres_secret = var.postgres_secret
  bucket_secret   = var.bucket_secret

  ports = {
    api     = 8470
    silo    = 11111
    gateway = 30000
  }
}
