using System.Text.Json.Nodes;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Cryptography.Tests.KeyEncapsulation;

public sealed class HpkeTests
{
    private static readonly byte[] s_info = "cleanroom/v1/test"u8.ToArray();

    [Fact]
    public async Task Sender_rfc9180_every_message_and_export_is_reproduced()
    {
        var vector = Rfc9180();
        using var ephemeral = await TestKeys.AgreementAsync(vector["skEm"].Hex());
        using var sender = (await HpkeSender.SetupAsync(
            TestKeys.Backend, ephemeral, vector["pkRm"].HexBytes(), vector["info"].Hex(), TestKeys.Cancel)).Value;

        sender.Enc.Should().Be(vector["enc"].HexBytes());
        foreach (var message in vector["encryptions"].Items())
        {
            var ciphertext = await sender.SealAsync(message["aad"].Hex(), message["pt"].Hex(), TestKeys.Cancel);
            ciphertext.Should().Equal(message["ct"].Hex());
        }

        CheckExports(vector, sender.Export);
    }

    [Fact]
    public async Task Recipient_rfc9180_every_message_and_export_is_reproduced()
    {
        var vector = Rfc9180();
        using var key = await TestKeys.AgreementAsync(vector["skRm"].Hex());
        using var recipient = (await HpkeRecipient.SetupAsync(
            TestKeys.Backend, key, vector["enc"].HexBytes(), vector["info"].Hex(), TestKeys.Cancel)).Value;

        foreach (var message in vector["encryptions"].Items())
        {
            var opened = await recipient.OpenAsync(message["aad"].Hex(), message["ct"].Hex(), TestKeys.Cancel);
            opened.Value.Should().Equal(message["pt"].Hex());
        }

        CheckExports(vector, recipient.Export);
    }

    [Theory]
    [InlineData("ikmR", "skRm")]
    [InlineData("ikmE", "skEm")]
    public void DerivePrivateKey_rfc9180_is_reproduced(string inputKey, string privateKey)
    {
        var vector = Rfc9180();

        using var derived = HpkeKem.DerivePrivateKey(vector[inputKey].Hex());

        derived.Span.ToArray().Should().Equal(vector[privateKey].Hex());
    }

    [Fact]
    public async Task OpenAsync_sealed_to_this_key_gives_the_plaintext()
    {
        using var key = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);

        await Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 50]).SampleAsync(
            async (plaintext, aad) =>
            {
                var seal = (await Hpke.SealAsync(TestKeys.Backend, key.PublicKey, s_info, aad, plaintext, CancellationToken.None)).Value;
                var opened = await Hpke.OpenAsync(
                    TestKeys.Backend, key, seal.Enc, s_info, aad, seal.Ciphertext.Memory, CancellationToken.None);
                return opened.Value.AsSpan().SequenceEqual(plaintext);
            },
            iter: 30);
    }

    [Fact]
    public async Task OpenAsync_anything_else_is_refused()
    {
        using var key = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var other = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        byte[] aad = [1];
        var seal = (await Hpke.SealAsync(TestKeys.Backend, key.PublicKey, s_info, aad, new byte[20], TestKeys.Cancel)).Value;
        var changed = seal.Ciphertext.ToArray();
        changed[0] ^= 1;

        (await RefusedAsync(other, seal.Enc, s_info, aad, seal.Ciphertext.ToArray())).Should().BeTrue("another key");
        (await RefusedAsync(key, other.PublicKey, s_info, aad, seal.Ciphertext.ToArray())).Should().BeTrue("another enc");
        (await RefusedAsync(key, seal.Enc, [.. s_info, 0], aad, seal.Ciphertext.ToArray())).Should().BeTrue("another use");
        (await RefusedAsync(key, seal.Enc, s_info, [2], seal.Ciphertext.ToArray())).Should().BeTrue("another binding");
        (await RefusedAsync(key, seal.Enc, s_info, aad, changed)).Should().BeTrue("changed bytes");
        (await RefusedAsync(key, seal.Enc, s_info, aad, changed[..15])).Should().BeTrue("less than a tag");
        (await RefusedAsync(key, seal.Enc, s_info, aad, seal.Ciphertext.ToArray())).Should().BeFalse("the seal itself");
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task SealAsync_recipient_that_is_no_point_is_refused(string hex)
    {
        var seal = await Hpke.SealAsync(
            TestKeys.Backend, new Bytes(Convert.FromHexString(hex)), s_info, default, new byte[1], TestKeys.Cancel);

        seal.Refusals.Should().ContainSingle(refusal => refusal.Code == RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Recipient_messages_out_of_order_are_refused_and_do_not_advance()
    {
        using var key = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var sender = (await HpkeSender.SetupAsync(TestKeys.Backend, key.PublicKey, s_info, TestKeys.Cancel)).Value;
        using var recipient = (await HpkeRecipient.SetupAsync(TestKeys.Backend, key, sender.Enc, s_info, TestKeys.Cancel)).Value;
        var first = await sender.SealAsync(default, new byte[] { 1 }, TestKeys.Cancel);
        var second = await sender.SealAsync(default, new byte[] { 2 }, TestKeys.Cancel);

        (await recipient.OpenAsync(default, second, TestKeys.Cancel)).IsAccepted.Should().BeFalse();
        (await recipient.OpenAsync(default, first, TestKeys.Cancel)).Value.Should().Equal(1);
        (await recipient.OpenAsync(default, first, TestKeys.Cancel)).IsAccepted.Should().BeFalse("a message opens once");
        (await recipient.OpenAsync(default, second, TestKeys.Cancel)).Value.Should().Equal(2);
    }

    private static async Task<bool> RefusedAsync(IAgreementKey key, Bytes enc, byte[] info, byte[] aad, byte[] ciphertext)
    {
        var opened = await Hpke.OpenAsync(TestKeys.Backend, key, enc, info, aad, ciphertext, TestKeys.Cancel);
        return opened.Refusals.Any(refusal => refusal.Code == RefusalCode.SealInvalid);
    }

    private static void CheckExports(JsonNode vector, HpkeExport export)
    {
        foreach (var item in vector["exports"].Items())
        {
            using var exported = export(item["exporter_context"].Hex(), item["L"].Int());
            exported.Span.ToArray().Should().Equal(item["exported_value"].Hex());
        }
    }

    private static JsonNode Rfc9180() => Vectors.Shared("hpke/rfc9180-p256-sha256-aesgcm.json").Items()
        .Single(vector => vector["mode"].Int() == 0 && vector["aead_id"].Int() == 2);
}
