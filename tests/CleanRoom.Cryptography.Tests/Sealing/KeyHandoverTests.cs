using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class KeyHandoverTests
{
    private static readonly JsonNode _vector = Vectors.Own("handover.json");

    [Fact]
    public void AssociatedData_is_the_worked_one() =>
        Encoding.UTF8.GetString(Subject(_vector["subject"]!).AssociatedData()).Should().Be(_vector["associatedData"].Text());

    [Fact]
    public async Task OpenAsync_worked_handover_gives_the_secret()
    {
        using var sealingKey = await TestKeys.AgreementAsync(_vector["sealingKeyPrivate"].Hex());

        using var secret = (await KeyHandovers.OpenAsync(TestKeys.Backend, sealingKey, Subject(_vector["subject"]!), Handed(_vector), TestKeys.Cancel)).Value;

        secret.Span.ToArray().Should().Equal(_vector["secret"].Hex());
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        using var sealingKey = await TestKeys.AgreementAsync(_vector["sealingKeyPrivate"].Hex());
        foreach (var test in _vector["invalid"].Items())
        {
            var changed = _vector.DeepClone();
            foreach (var (name, value) in test["set"]?.AsObject() ?? [])
            {
                changed["subject"]![name] = value!.DeepClone();
            }

            foreach (var name in new[] { "enc", "ciphertext" }.Where(name => test[name] is not null))
            {
                changed[name] = test[name]!.DeepClone();
            }

            var opened = await KeyHandovers.OpenAsync(TestKeys.Backend, sealingKey, Subject(changed["subject"]!), Handed(changed), TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task OpenAsync_key_of_another_node_is_refused()
    {
        var subject = Subject(_vector["subject"]!);
        using var mine = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var another = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var secret = SecretBytes.Random(32);
        var handed = (await KeyHandovers.SealAsync(TestKeys.Backend, mine.PublicKey, subject, secret, TestKeys.Cancel)).Value;

        using var opened = (await KeyHandovers.OpenAsync(TestKeys.Backend, mine, subject, handed, TestKeys.Cancel)).Value;
        var stolen = await KeyHandovers.OpenAsync(TestKeys.Backend, another, subject, handed, TestKeys.Cancel);

        opened.FixedTimeEquals(secret.Span).Should().BeTrue();
        stolen.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    private static HandoverSubject Subject(JsonNode subject) => new(subject["log"].Text(), Digest.Parse(subject["bindingDigest"].Text()));

    private static HpkeCiphertext Handed(JsonNode vector) => new(vector["enc"].HexBytes(), vector["ciphertext"].HexBytes());
}
