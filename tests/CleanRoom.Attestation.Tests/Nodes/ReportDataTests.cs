using System.Security.Cryptography;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Tests.Nodes;

/// <summary>What evidence commits to: contracts/vectors/attestation/report-data.json.</summary>
public sealed class ReportDataTests
{
    public static TheoryData<string> Names => [.. AttestationVectors.ReportData.EnumerateArray().Select(json => AttestationVectors.Text(json, "name"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Report_data_of_the_vector_is_the_published_value(string name)
    {
        var json = AttestationVectors.ReportData.EnumerateArray().Single(one => AttestationVectors.Text(one, "name") == name);
        var binding = AttestationVectors.Binding(json.GetProperty("binding"));
        var canonical = DocumentCodec.Encode(binding);

        Digest.Of(canonical).ToString().Should().Be(AttestationVectors.Text(json, "canonicalSha256"));
        Convert.ToHexStringLower(AttestationBinding.ReportData(binding)).Should().Be(AttestationVectors.Text(json, "reportData"));
        Convert.ToHexStringLower(SHA512.HashData([.. "cleanroom/v1/attest"u8, 0, .. canonical])).Should().Be(AttestationVectors.Text(json, "reportData"));
    }

    [Fact]
    public void Report_data_differs_when_any_field_of_the_binding_differs()
    {
        var binding = AttestationVectors.Binding(AttestationVectors.ReportData[2].GetProperty("binding"));
        Binding[] others =
        [
            binding,
            binding with { Nonce = new Bytes(new byte[32]) },
            binding with { SigningKey = new Bytes(new byte[65]) },
            binding with { SealingKey = new Bytes(new byte[65]) },
            binding with { Purpose = BindingPurpose.Handover },
            binding with { Collaboration = "other" },
            binding with { CollaborationKey = new Bytes(new byte[65]) },
            binding with { CheckpointKey = new Bytes(new byte[32]) },
            binding with { ContractDigest = Digest.Of("other"u8) },
            binding with { Checkpoint = "none" },
            binding with { BootId = new Bytes(new byte[16]) },
            binding with { Build = "other" },
        ];

        others.Select(other => Convert.ToHexString(AttestationBinding.ReportData(other))).Should().OnlyHaveUniqueItems();
        others.Length.Should().Be(1 + typeof(Binding).GetProperties().Count(property => property.DeclaringType == typeof(Binding) && property.SetMethod is not null));
    }
}
