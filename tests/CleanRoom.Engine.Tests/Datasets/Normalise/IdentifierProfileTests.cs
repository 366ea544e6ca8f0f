using System.Text.Json;
using CleanRoom.Datasets.Normalise;

namespace CleanRoom.Engine.Tests.Datasets.Normalise;

public sealed class IdentifierProfileTests
{
    [Fact]
    public void Normalise_published_vectors_agree()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Find("vectors", "ids", "id_normalisation.json")));
        var checkedVectors = 0;
        foreach (var vector in vectors.RootElement.EnumerateArray().Where(vector => vector.TryGetProperty("profile", out _)))
        {
            var profile = Profile(vector.GetProperty("profile").GetString() + ".v1");
            var raw = vector.GetProperty("raw").GetString()!;

            profile.TryNormalise(raw, out var normal).Should().BeTrue();
            normal.Should().Be(vector.GetProperty("normalized").GetString());
            profile.TryHash(raw, out var hash).Should().BeTrue();
            hash.Should().Be(vector.GetProperty("sha256").GetString());
            checkedVectors++;
        }

        checkedVectors.Should().Be(9);
    }

    [Theory]
    [InlineData("email.uid2.v1", "JaneSaoirse+Work@gmail.com", "janesaoirse@gmail.com")]
    [InlineData("email.basic.v1", "JaneSaoirse+Work@gmail.com", "janesaoirse+work@gmail.com")]
    [InlineData("email.basic.v1", " USER@EXAMPLE.COM\t", "user@example.com")]
    [InlineData("email.basic.v1", "INFO@I.EXAMPLE", "info@i.example")]
    [InlineData("phone.e164.v1", "+44 (20) 7946-0958", "+442079460958")]
    public void Normalise_identifier_gives_the_form_of_the_profile(string profile, string raw, string normal)
    {
        Profile(profile).TryNormalise(raw, out var result).Should().BeTrue();

        result.Should().Be(normal);
        Profile(profile).IsNormal(normal).Should().BeTrue();
    }

    [Theory]
    [InlineData("email.basic.v1", "")]
    [InlineData("email.basic.v1", "no address")]
    [InlineData("email.basic.v1", "a@b@c")]
    [InlineData("email.basic.v1", "a b@c")]
    [InlineData("email.basic.v1", "@c")]
    [InlineData("email.basic.v1", "a@")]
    [InlineData("email.basic.v1", "josé@example.com")]
    [InlineData("email.uid2.v1", "+tag@gmail.com")]
    [InlineData("phone.e164.v1", "0044 20 7946 0958")]
    [InlineData("phone.e164.v1", "020 7946 0958")]
    [InlineData("phone.e164.v1", "+1234567890123456")]
    [InlineData("phone.e164.v1", "123456")]
    [InlineData("phone.e164.v1", "+1 234 567 x89")]
    [InlineData("phone.e164.v1", "++12345678")]
    public void Normalise_other_text_is_refused(string profile, string raw) =>
        Profile(profile).TryNormalise(raw, out _).Should().BeFalse();

    [Theory]
    [InlineData("email.basic")]
    [InlineData("EMAIL.BASIC.V1")]
    [InlineData("email.basic.v2")]
    public void TryGet_unknown_name_is_refused(string name) => IdentifierProfile.TryGet(name, out _).Should().BeFalse();

    private static IdentifierProfile Profile(string name) =>
        IdentifierProfile.TryGet(name, out var profile) ? profile : throw new ArgumentException("no such profile", nameof(name));
}
