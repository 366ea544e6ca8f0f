using System.Text.Json;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Tpm;

/// <summary>contracts/vectors/attestation/tpm.json: the format stays as it was when a relying party learned to read it.</summary>
public class TpmVectorTests
{
    private static readonly JsonElement _vector = Read();

    [Fact]
    public void Genuine_case_has_the_written_form_and_is_signed_over_the_report_data()
    {
        var evidence = Evidence("genuine");

        evidence.Members.Members.Select(member => member.Name).Should().Equal("akPublic", "pcrs", "quote", "signature", "type");
        Convert.ToHexStringLower(evidence.ExtraData).Should().Be(_vector.GetProperty("reportData").GetString());
        evidence.Pcrs.Should().BeEquivalentTo(_vector.GetProperty("pcrs").EnumerateObject().ToDictionary(pcr => pcr.Name, pcr => pcr.Value.GetString()));
        evidence.IsSigned().Should().BeTrue();
    }

    [Fact]
    public void Changed_signature_is_noticed() => Evidence("signature changed").IsSigned().Should().BeFalse();

    private static TpmEvidence Evidence(string name) => TpmEvidence.Read(new AttesterEvidence(
        new Bytes(_vector.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name).GetProperty("evidence").GetBytesFromBase64()), []));

    private static JsonElement Read()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(directory.FullName, "contracts")))
        {
            directory = directory.Parent!;
        }

        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory.FullName, "contracts/vectors/attestation/tpm.json"))).RootElement;
    }
}
