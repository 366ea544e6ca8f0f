using CleanRoom.Datasets.Normalise;

namespace CleanRoom.Engine.Tests.Datasets.Normalise;

public sealed class IdentifierProfileTests
{
    // The values that UID2 publishes: documentation, "Normalization and Encoding".
    [Theory]
    [InlineData("email.uid2.v1", "MYEMAIL@example.com", "myemail@example.com", "16c18d336f0b250f0e2d907452ceb9658a74ecdae8bc94864c23122a72cc27a5")]
    [InlineData("email.uid2.v1", "My.Email@example.com", "my.email@example.com", "e22b53bc6f871274f3a62ab37a3caed7214fc14d676215a96a242fcfada1c81f")]
    [InlineData("email.uid2.v1", "JaneSaoirse@example.com", "janesaoirse@example.com", "d6670e7a92007f1b5ff785f1fc81e53aa6d3d7bd06bdf5c473cdc7286c284b6d")]
    [InlineData("email.uid2.v1", "Jane.Saoirse@example.com", "jane.saoirse@example.com", "b196432c7b989a2ca91c83799957c515da53e6c13abf20b78fea94f117e90bf8")]
    [InlineData("email.uid2.v1", "JaneSaoirse+Work@example.com", "janesaoirse+work@example.com", "28aaee4815230cd3b4ebd88c515226550666e91ac019929e3adac3f66c288180")]
    [InlineData("email.uid2.v1", "JaneSaoirse+Work@gmail.com", "janesaoirse@gmail.com", "92ee26057ed9dea2535d6c8b141d48373932476599196e00352254896db5888f")]
    [InlineData("email.uid2.v1", "JANE.SAOIRSE@gmail.com", "janesaoirse@gmail.com", "92ee26057ed9dea2535d6c8b141d48373932476599196e00352254896db5888f")]
    [InlineData("email.uid2.v1", " user@example.com ", "user@example.com", "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514")]
    [InlineData("phone.e164.v1", "1 (234) 567-8901", "+12345678901", "10e6f0b47054a83359477dcb35231db6de5c69fb1816e1a6b98e192de9e5b9ee")]
    public void Normalise_published_value_has_its_form_and_hash(string profile, string raw, string normal, string sha256)
    {
        Profile(profile).TryNormalise(raw, out var form).Should().BeTrue();
        Profile(profile).TryHash(raw, out var hash).Should().BeTrue();

        (form, hash).Should().Be((normal, sha256));
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
        Profile(profile).TryNormalise(normal, out var again).Should().BeTrue();
        again.Should().Be(normal, "a normal form is its own");
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
