output "profile" {
  description = "The name of the instance profile."
  value       = aws_iam_instance_profile.member.name
}
