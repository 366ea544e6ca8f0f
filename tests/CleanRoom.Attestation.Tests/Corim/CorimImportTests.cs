using System.Formats.Cbor;
using CleanRoom.Attestation.Corim;

namespace CleanRoom.Attestation.Tests.Corim;

/// <summary>CoRIM that others made: each case changes one thing of a good one.</summary>
public sealed class CorimImportTests
{
    private static readonly string _hash = new('a', 64);

    [Fact]
    public void Good_one_is_read()
    {
        var import = CorimPolicy.Import(Made()).Value;

        import.NotKept.Should().BeEmpty();
        var tuple = import.Policy.Accepted.Should().ContainSingle().Subject;
        (tuple.Tee, tuple.Values["measurement"], tuple.Debug).Should().Be(("tpm", _hash, false));
        tuple.ChipIds.Should().Equal("any");
        tuple.Anchors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("05 81 a0", "corim", "who made the corim")]
    [InlineData("00 62 656e", "comid", "the language")]
    [InlineData("02 81 a0", "comid", "who made a comid")]
    [InlineData("01 80", "triples", "triples of kind 1")]
    public void What_only_describes_is_named(string member, string where, string named)
    {
        var import = CorimPolicy.Import(Made(where, member)).Value;

        import.NotKept.Should().ContainSingle().Which.Should().StartWith(named);
    }

    [Theory]
    [InlineData("02 80", "corim", "member 2")]
    [InlineData("04 a1 01 c1 00", "corim", "member 4")]
    [InlineData("18 63 00", "corim", "member 99")]
    [InlineData("61 61 00", "corim", "another")]
    [InlineData("03 80", "comid", "member 3")]
    [InlineData("02 d8 25 50 00000000000000000000000000000000", "environment", "member 2")]
    [InlineData("01 61 61", "class", "member 1")]
    [InlineData("03 00", "class", "member 3")]
    [InlineData("03 80", "measurement", "member 3")]
    [InlineData("05 41 00", "values", "member 5")]
    [InlineData("0b 61 61", "values", "member 11")]
    [InlineData("01 d9 0229 01", "values", "member 1")]
    [InlineData("02 81 d9 022d 82 07 5830 000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "measurement", "algorithm 7")]
    [InlineData("02 81 d9 022a 61 61", "measurement", "tag 554")]
    public void What_would_narrow_is_refused(string member, string where, string got)
    {
        CorimPolicy.Import(Made(where, member)).Refusals.Should().ContainSingle().Which.Got.Should().Be(got);
    }

    [Theory]
    [InlineData("a1 01 01", "tcb.snp")]
    [InlineData("a1 01 d9 0228 01", "tcb.snp")]
    [InlineData("a1 01 d9 0229 1b ffffffffffffffff", "tcb.snp")]
    [InlineData("a1 01 d9 0229 20", "tcb.snp")]
    [InlineData("a1 01 d9 0229 01", "snp")]
    [InlineData("a1 01 d9 0229 01", "tcb.")]
    [InlineData("a1 03 a1 01 f5", "debug")]
    [InlineData("a1 03 a1 03 01", "debug")]
    [InlineData("a1 03 a1 03 f5", "claim.debug")]
    [InlineData("a1 04 41 00", "claim.hostData")]
    [InlineData("a1 04 d9 0230 40", "claim.hostData")]
    [InlineData("a1 04 d9 0230 41 00", "claim.host data")]
    [InlineData("a1 04 d9 0230 41 00", "claim.measurement")]
    [InlineData("a1 04 d9 0230 41 00", "measurement")]
    [InlineData("a1 04 d9 0230 41 00", "other")]
    [InlineData("a1 02 82 82 01 41 00 82 01 41 00", "claim.hostData")]
    [InlineData("a1 02 81 82 01 41 00", "claim.hostData")]
    [InlineData("a1 02 81 81 01", "claim.hostData")]
    [InlineData("a0", "claim.hostData")]
    [InlineData("bf 04 d9 0230 41 00 ff", "claim.hostData")]
    [InlineData("a1 04 d9 0230 5f 41 00 ff", "claim.hostData")]
    [InlineData("a2 04 d9 0230 41 00 04 d9 0230 41 00", "claim.hostData")]
    public void Other_value_is_refused(string value, string name)
    {
        CorimPolicy.Import(Made(second: (name, value))).IsAccepted.Should().BeFalse();
    }

    [Theory]
    [InlineData("a1 01 d9 0229 03", "tcb.snp")]
    [InlineData("a1 03 a1 03 f5", "debug")]
    [InlineData("a1 04 d9 0230 41 00", "claim.hostData")]
    public void Value_of_the_profile_is_read(string value, string name)
    {
        CorimPolicy.Import(Made(second: (name, value))).IsAccepted.Should().BeTrue("the cases above differ from these in one thing");
    }

    [Fact]
    public void Measurements_on_the_word_of_different_keys_are_refused()
    {
        var anchored = Made("measurement", $"02 81 d9 022d 82 01 5820 {_hash}");
        CorimPolicy.Import(anchored).Value.Policy.Accepted[0].Anchors.Should().ContainSingle();

        CorimPolicy.Import(Made("measurement", $"02 81 d9 022d 82 01 5820 {_hash}", ("claim.hostData", "a1 04 d9 0230 41 00")))
            .Refusals.Should().ContainSingle().Which.Got.Should().Be("several");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("urn:other")]
    public void Other_profile_is_refused(string? profile)
    {
        CorimPolicy.Import(Made(profile: profile)).Refusals.Should().ContainSingle().Which.Wanted.Should().Contain("urn:cleanroom:corim:1");
    }

    [Theory]
    [InlineData("d2 84 40 a0 40 40")]
    [InlineData("a0")]
    [InlineData("d9 01f4 a0")]
    [InlineData("d9 01f5 a0")]
    [InlineData("d9 01f5 bf ff")]
    [InlineData("d9 01f5 ba ffffffff")]
    [InlineData("d9 01f5 a1 01 9a ffffffff")]
    [InlineData("d9 01f5 a1 01 80")]
    [InlineData("d9 01f5 a1 01 81 d9 01f9 41 00")]
    [InlineData("d9 01f5 a1 01 81 d9 01fa 5a ffffffff")]
    [InlineData("d9 01f5 a2 00 61 61 00 61 61")]
    [InlineData("")]
    [InlineData("ff")]
    public void Hostile_bytes_are_refused(string hex)
    {
        CorimPolicy.Import(Bytes(hex)).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Deep_nesting_in_a_part_that_is_left_out_is_no_harm()
    {
        var deep = string.Concat(Enumerable.Repeat("81", 100_000)) + "00";
        FluentActions.Invoking(() => CorimPolicy.Import(Made("corim", "05" + deep))).Should().NotThrow();
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    /// <summary>Makes a CoRIM with one tuple, a member more in one of its maps, and a measurement more.</summary>
    private static byte[] Made(string where = "", string member = "", (string Name, string Value)? second = null, string? profile = "urn:cleanroom:corim:1")
    {
        var first = Map(where, "measurement", member, Pair(0, Text("measurement")), Pair(1, Map(where, "values", member, Bytes($"02 81 82 01 5820 {_hash}"))));
        List<byte[]> measurements = [first];
        if (second is { } more)
        {
            measurements.Add(Map(where, "second", member, Pair(0, Text(more.Name)), Pair(1, Bytes(more.Value))));
        }

        var environment = Map(where, "environment", member, Pair(0, Map(where, "class", member, Pair(2, Text("tpm")))));
        byte[] triple = [0x82, .. environment, (byte)(0x80 + measurements.Count), .. measurements.SelectMany(one => one)];
        var triples = Map(where, "triples", member, Pair(0, [0x81, .. triple]));
        var comid = Map(where, "comid", member, Pair(1, [0xA1, .. Pair(0, Text("tag"))]), Pair(4, triples));
        List<byte[]> members = [Pair(0, Text("id")), Pair(1, [0x81, .. Bytes("d9 01fa"), .. ByteString(comid)])];
        if (profile is not null)
        {
            members.Add(Pair(3, [0xD8, 0x20, .. Text(profile)]));
        }

        return [.. Bytes("d9 01f5"), .. Map(where, "corim", member, [.. members])];
    }

    private static byte[] Map(string where, string name, string member, params byte[][] members)
    {
        byte[][] all = where == name ? [.. members, Bytes(member)] : members;
        return [(byte)(0xA0 + all.Length), .. all.SelectMany(one => one)];
    }

    private static byte[] Pair(byte key, byte[] value) => [key, .. value];

    private static byte[] Text(string text)
    {
        var writer = new CborWriter();
        writer.WriteTextString(text);
        return writer.Encode();
    }

    private static byte[] ByteString(byte[] bytes)
    {
        var writer = new CborWriter();
        writer.WriteByteString(bytes);
        return writer.Encode();
    }
}
