using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Tests.Support;

namespace CleanRoom.Cryptography.Tests.Keys;

public sealed class CollaborationSecretTests
{
    [Fact]
    public async Task Derive_worked_vector_is_reproduced()
    {
        var vector = Vectors.Own("key-tree.json");
        using var bytes = vector["secret"].Secret();
        using var secret = CollaborationSecret.Import(bytes);

        using var sealing = await secret.DeriveSealingKeyAsync(TestKeys.Backend, TestKeys.Cancel);
        using var row = secret.DeriveRowKey();
        using var storage = secret.DeriveStorageKey();
        using var guestOnly = secret.DeriveGuestOnlyKey();
        using var checkpoint = secret.DeriveCheckpointKey();

        sealing.PublicKey.Should().Be(vector["sealingKeyPublic"].HexBytes());
        row.Span.ToArray().Should().Equal(vector["rowKey"].Hex());
        storage.Span.ToArray().Should().Equal(vector["storageKey"].Hex());
        guestOnly.Span.ToArray().Should().Equal(vector["guestOnlyKey"].Hex());
        checkpoint.PublicKey.Should().Be(vector["checkpointPublic"].HexBytes());
    }

    [Fact]
    public void Import_exported_secret_derives_the_same_keys()
    {
        using var secret = CollaborationSecret.Generate();
        using var exported = secret.Export();
        using var again = CollaborationSecret.Import(exported);

        using var first = secret.DeriveRowKey();
        using var second = again.DeriveRowKey();

        first.FixedTimeEquals(second.Span).Should().BeTrue();
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void Import_other_length_throws(int bytes)
    {
        using var secret = SecretBytes.Random(bytes);

        var import = () => CollaborationSecret.Import(secret);

        import.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Dispose_derives_nothing_more()
    {
        var secret = CollaborationSecret.Generate();
        secret.Dispose();

        var derive = secret.DeriveRowKey;

        derive.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task NodeKeys_generated_twice_differ()
    {
        using var first = await NodeKeys.GenerateAsync(TestKeys.Backend, TestKeys.Cancel);
        using var second = await NodeKeys.GenerateAsync(TestKeys.Backend, TestKeys.Cancel);

        new[] { first.Sign.PublicKey, first.Seal.PublicKey, second.Sign.PublicKey, second.Seal.PublicKey }
            .Should().OnlyHaveUniqueItems();
    }
}
