using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class RecoverySharesTests
{
    private static readonly JsonNode _vector = Vectors.Own("recovery.json");

    [Fact]
    public void AssociatedData_is_the_worked_one()
    {
        var subject = Subject(_vector["subject"]!);
        var release = _vector["release"]!;

        Encoding.UTF8.GetString(subject.AssociatedData(_vector["receiveKeyPublic"].HexBytes())).Should().Be(_vector["associatedData"].Text());
        Encoding.UTF8.GetString(Release(subject, release).AssociatedData()).Should().Be(release["associatedData"].Text());
    }

    [Fact]
    public async Task OpenAsync_worked_seal_gives_the_share_that_the_commitment_names()
    {
        using var receiveKey = await TestKeys.AgreementAsync(_vector["receiveKeyPrivate"].Hex());
        using var nodeKey = await TestKeys.AgreementAsync(_vector["release"]!["nodeKeyPrivate"].Hex());
        var subject = Subject(_vector["subject"]!);

        using var opened = (await OpenAsync(receiveKey, subject, _vector)).Value;
        using var released = (await OpenReleasedAsync(nodeKey, subject, _vector["release"]!)).Value;

        opened.Content.ToArray().Should().Equal([.. _vector["salt"].Hex(), .. _vector["share"].Hex()]);
        released.Content.ToArray().Should().Equal(opened.Content.ToArray());
        using var share = opened.ToShare(subject.Index);
        share.Value.Span.ToArray().Should().Equal(_vector["share"].Hex());
        Digest.Of([.. _vector["release"]!["enc"].Hex(), .. _vector["release"]!["ciphertext"].Hex()]).ToString().Should().Be(_vector["release"]!["releaseDigest"].Text());
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        using var receiveKey = await TestKeys.AgreementAsync(_vector["receiveKeyPrivate"].Hex());
        foreach (var test in _vector["invalid"].Items())
        {
            var changed = Changed(_vector, "subject", test);

            var opened = await OpenAsync(receiveKey, Subject(changed["subject"]!), changed);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task OpenReleasedAsync_worked_failures_are_refused()
    {
        using var nodeKey = await TestKeys.AgreementAsync(_vector["release"]!["nodeKeyPrivate"].Hex());
        foreach (var test in _vector["release"]!["invalid"].Items())
        {
            var changed = Changed(new JsonObject { ["release"] = _vector["release"]!.DeepClone() }, "release", test)["release"]!;
            foreach (var name in new[] { "enc", "ciphertext" }.Where(name => test[name] is not null))
            {
                changed[name] = test[name]!.DeepClone();
            }

            var opened = await OpenReleasedAsync(nodeKey, Subject(_vector["subject"]!), changed);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task OpenReleasedAsync_false_share_is_named_by_its_collaborator()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var secret = SecretBytes.Random(32);
        using var committed = CommittedShare.Of(SecretSharing.Split(secret, 2, 3)[1]);
        using var other = CommittedShare.Of(SecretSharing.Split(secret, 2, 3)[1]);
        var subject = Subject(_vector["subject"]!);
        var release = new RecoveryReleaseSubject(subject, "lea", Digest.Of("binding"u8));
        var seal = (await RecoveryShares.ReleaseAsync(TestKeys.Backend, nodeKey.PublicKey, release, other, TestKeys.Cancel)).Value;

        var opened = await RecoveryShares.OpenReleasedAsync(TestKeys.Backend, nodeKey, release, committed.Commit(subject), seal, TestKeys.Cancel);

        var refusal = opened.Refusals.Should().ContainSingle().Subject;
        refusal.Code.Should().Be(RefusalCode.SealInvalid);
        refusal.Wanted.Should().Contain("laboratory");
        refusal.Got.Should().Be("a false one");
    }

    [Fact]
    public async Task OpenAsync_key_of_another_member_is_refused()
    {
        using var mine = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var another = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var secret = SecretBytes.Random(32);
        using var committed = CommittedShare.Of(SecretSharing.Split(secret, 1, 1)[0]);
        var subject = Subject(_vector["subject"]!);
        var seal = (await RecoveryShares.SealAsync(TestKeys.Backend, mine.PublicKey, subject, committed, TestKeys.Cancel)).Value;

        seal.Ciphertext.Length.Should().Be(RecoveryShares.SealedLength);
        (await RecoveryShares.OpenAsync(TestKeys.Backend, mine, subject, committed.Commit(subject), seal, TestKeys.Cancel)).IsAccepted.Should().BeTrue();
        (await RecoveryShares.OpenAsync(TestKeys.Backend, another, subject, committed.Commit(subject), seal, TestKeys.Cancel))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public void Commit_same_share_with_another_salt_is_another_commitment()
    {
        using var secret = SecretBytes.Random(32);
        var share = SecretSharing.Split(secret, 1, 1)[0];
        using var first = CommittedShare.Of(share);
        using var second = CommittedShare.Of(share);
        var subject = Subject(_vector["subject"]!);

        first.Commit(subject).Should().NotBe(second.Commit(subject));
        first.Commit(subject).Should().NotBe(first.Commit(subject with { Collaborator = "hospital" }));
        first.ToString().Should().Be("[redacted]");
    }

    private static ValueTask<Result<CommittedShare>> OpenAsync(IAgreementKey key, RecoveryShareSubject subject, JsonNode vector) => RecoveryShares.OpenAsync(
        TestKeys.Backend, key, subject, Digest.Parse(_vector["commitment"].Text()), Seal(vector), TestKeys.Cancel);

    private static ValueTask<Result<CommittedShare>> OpenReleasedAsync(IAgreementKey key, RecoveryShareSubject subject, JsonNode release) => RecoveryShares.OpenReleasedAsync(
        TestKeys.Backend, key, Release(subject, release), Digest.Parse(_vector["commitment"].Text()), Seal(release), TestKeys.Cancel);

    private static JsonNode Changed(JsonNode vector, string part, JsonNode test)
    {
        var changed = vector.DeepClone();
        foreach (var (name, value) in test["set"]?.AsObject() ?? [])
        {
            changed[part]![name] = value!.DeepClone();
        }

        foreach (var name in new[] { "enc", "ciphertext" }.Where(name => test[name] is not null))
        {
            changed[name] = test[name]!.DeepClone();
        }

        return changed;
    }

    private static RecoveryReleaseSubject Release(RecoveryShareSubject subject, JsonNode release) =>
        new(subject, release["member"].Text(), Digest.Parse(release["bindingDigest"].Text()));

    private static RecoveryShareSubject Subject(JsonNode subject) => new()
    {
        Collaboration = subject["collaboration"].Text(),
        Collaborator = subject["collaborator"].Text(),
        ContractDigest = Digest.Parse(subject["contractDigest"].Text()),
        Index = subject["index"].Int(),
        Set = new Bytes(Convert.FromBase64String(subject["set"].Text())),
    };

    private static HpkeCiphertext Seal(JsonNode vector) => new(vector["enc"].HexBytes(), vector["ciphertext"].HexBytes());
}
