using System.Text.Json.Nodes;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class KeyGrantTests
{
    [Fact]
    public async Task OpenAsync_worked_grant_gives_the_key()
    {
        var vector = Vectors.Own("key-grant.json");
        using var sealingKey = await TestKeys.AgreementAsync(vector["sealingKeyPrivate"].Hex());

        using var key = (await KeyGrants.OpenAsync(TestKeys.Backend, sealingKey, Grant(vector), TestKeys.Cancel)).Value;

        key.Secret.Span.ToArray().Should().Equal(vector["dataKey"].Hex());
    }

    [Fact]
    public async Task OpenFromSelfAsync_worked_self_grant_gives_the_key()
    {
        var vector = Vectors.Own("key-grant.json");
        using var receiveKey = await TestKeys.AgreementAsync(vector["receiveKeyPrivate"].Hex());
        var selfGrant = new HpkeCiphertext(vector["selfEnc"].HexBytes(), vector["selfCiphertext"].HexBytes());

        using var key = (await KeyGrants.OpenFromSelfAsync(
            TestKeys.Backend, receiveKey, Subject(vector["subject"]!), selfGrant, TestKeys.Cancel)).Value;

        key.Secret.Span.ToArray().Should().Equal(vector["dataKey"].Hex());
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        var vector = Vectors.Own("key-grant.json");
        using var sealingKey = await TestKeys.AgreementAsync(vector["sealingKeyPrivate"].Hex());
        foreach (var test in vector["invalid"].Items())
        {
            var changed = vector.DeepClone();
            foreach (var (name, value) in test["set"]?.AsObject() ?? [])
            {
                changed["subject"]![name] = value!.DeepClone();
            }

            foreach (var name in new[] { "enc", "ciphertext" }.Where(name => test[name] is not null))
            {
                changed[name] = test[name]!.DeepClone();
            }

            var opened = await KeyGrants.OpenAsync(TestKeys.Backend, sealingKey, Grant(changed), TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task SealAsync_grant_names_its_subject_and_opens()
    {
        var subject = Subject(Vectors.Own("key-grant.json")["subject"]!);
        using var sealingKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var key = DataKey.Generate();

        var grant = (await KeyGrants.SealAsync(TestKeys.Backend, sealingKey.PublicKey, subject, key, TestKeys.Cancel)).Value;
        using var opened = (await KeyGrants.OpenAsync(TestKeys.Backend, sealingKey, grant, TestKeys.Cancel)).Value;

        KeyGrantSubject.Of(grant).Should().Be(subject);
        grant.Enc.Length.Should().Be(65);
        grant.Ciphertext.Length.Should().Be(48);
        opened.Secret.FixedTimeEquals(key.Secret.Span).Should().BeTrue();
    }

    [Fact]
    public async Task SealToSelfAsync_opens_as_self_grant_only()
    {
        var subject = Subject(Vectors.Own("key-grant.json")["subject"]!);
        using var receiveKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var key = DataKey.Generate();

        var self = (await KeyGrants.SealToSelfAsync(TestKeys.Backend, receiveKey.PublicKey, subject, key, TestKeys.Cancel)).Value;
        using var opened = (await KeyGrants.OpenFromSelfAsync(TestKeys.Backend, receiveKey, subject, self, TestKeys.Cancel)).Value;
        var asGrant = await KeyGrants.OpenAsync(
            TestKeys.Backend,
            receiveKey,
            (await KeyGrants.SealAsync(TestKeys.Backend, receiveKey.PublicKey, subject, key, TestKeys.Cancel)).Value with
            {
                Enc = self.Enc,
                Ciphertext = self.Ciphertext,
            },
            TestKeys.Cancel);

        opened.Secret.FixedTimeEquals(key.Secret.Span).Should().BeTrue();
        asGrant.IsAccepted.Should().BeFalse();
    }

    internal static KeyGrantSubject Subject(JsonNode values) => new()
    {
        Collaboration = values["collaboration"].Text(),
        ContractDigest = Digest.Parse(values["contractDigest"].Text()),
        Dataset = values["dataset"].Text(),
        ManifestDigest = Digest.Parse(values["manifestDigest"].Text()),
        Owner = values["owner"].Text(),
    };

    private static KeyGrant Grant(JsonNode vector)
    {
        var subject = Subject(vector["subject"]!);
        return new KeyGrant
        {
            Collaboration = subject.Collaboration,
            ContractDigest = subject.ContractDigest,
            Dataset = subject.Dataset,
            ManifestDigest = subject.ManifestDigest,
            Owner = subject.Owner,
            Enc = vector["enc"].HexBytes(),
            Ciphertext = vector["ciphertext"].HexBytes(),
        };
    }
}
