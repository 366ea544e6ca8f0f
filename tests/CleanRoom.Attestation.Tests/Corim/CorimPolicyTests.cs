using System.Collections.Immutable;
using CleanRoom.Attestation.Corim;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Tests.Corim;

public sealed class CorimPolicyTests
{
    private static readonly ReferenceTuple _tuple = new()
    {
        Tee = "amd-sev-snp",
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", new string('a', 96)).Add("hostData", new string('b', 64)),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("reported.snp", 8).Add("reported.microcode", 219),
        ChipIds = ["any"],
        Anchors = [Digest.Of("root"u8), Digest.Of("other"u8)],
        Debug = false,
    };

    public static TheoryData<string> Kept => ["whole", "sha-256", "sha-512", "other length", "no anchors", "no floor", "debug", "chips", "two tuples"];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Policy_comes_back_as_it_was(string what)
    {
        var policy = Policy(what switch
        {
            "sha-256" => [Measured(new string('a', 64))],
            "sha-512" => [Measured(new string('a', 128))],
            "other length" => [Measured("00ff")],
            "no anchors" => [_tuple with { Anchors = [] }],
            "no floor" => [_tuple with { MinimumTcb = ImmutableSortedDictionary<string, int>.Empty }],
            "debug" => [_tuple with { Debug = true }],
            "chips" => [_tuple with { ChipIds = ["c0", "c1c2"] }],
            "two tuples" => [_tuple with { ChipIds = ["c0"] }, Measured("00ff") with { Tee = "intel-tdx" }],
            _ => [_tuple],
        });

        var export = CorimPolicy.Export(policy).Value;
        var import = CorimPolicy.Import(export.Corim.Memory).Value;

        export.NotKept.Should().BeEmpty();
        import.NotKept.Should().BeEmpty();
        DocumentCodec.DigestOf(import.Policy).Should().Be(DocumentCodec.DigestOf(policy));
    }

    [Fact]
    public void Export_names_what_it_leaves_out()
    {
        var policy = Policy(
            _tuple,
            _tuple with { ChipIds = [] },
            _tuple with { Values = _tuple.Values.Add("tcbStatus", "UpToDate") },
            _tuple with { Values = _tuple.Values.Remove("measurement") },
            _tuple with { MinimumTcb = _tuple.MinimumTcb.Add("x", -1) }) with { CodeEndorsers = [new Bytes([4])] };

        var export = CorimPolicy.Export(policy).Value;

        export.NotKept.Select(part => part.Split(':')[0]).Should().Equal(
            "accepted tuple 2", "accepted tuple 3", "accepted tuple 4", "accepted tuple 5", "1 code endorsers");
        CorimPolicy.Import(export.Corim.Memory).Value.Policy.Accepted.Should().ContainSingle();
    }

    [Fact]
    public void Policy_of_which_nothing_can_be_kept_is_refused() =>
        CorimPolicy.Export(Policy(_tuple with { ChipIds = [] })).Refusals.Should().ContainSingle().Which.Got.Should().Contain("accepted tuple 1");

    [Fact]
    public void Policy_of_too_many_chips_is_refused() =>
        CorimPolicy.Export(Policy(_tuple with { ChipIds = [.. Enumerable.Range(0, 257).Select(i => $"{i:x4}")] })).IsAccepted.Should().BeFalse();

    [Fact]
    public void Export_is_deterministic_and_begins_with_its_tag()
    {
        var corim = CorimPolicy.Export(Policy(_tuple)).Value.Corim;

        corim.Should().Be(CorimPolicy.Export(Policy(_tuple)).Value.Corim);
        corim.Span[..3].ToArray().Should().Equal(0xD9, 0x01, 0xF5);
    }

    [Fact]
    public void Cut_and_changed_bytes_never_throw_and_cuts_are_refused()
    {
        var good = CorimPolicy.Export(Policy(_tuple with { ChipIds = ["c0"] })).Value.Corim.ToArray();
        for (var i = 0; i < good.Length; i++)
        {
            CorimPolicy.Import(good.AsMemory(0, i)).IsAccepted.Should().BeFalse($"{i} bytes are not all");
            foreach (var change in new byte[] { 0x01, 0x20, 0x80, 0xFF })
            {
                var bad = good.ToArray();
                bad[i] ^= change;
                FluentActions.Invoking(() => CorimPolicy.Import(bad)).Should().NotThrow();
            }
        }

        CorimPolicy.Import((byte[])[.. good, 0]).Refusals.Single().Wanted.Should().Be("nothing after the corim");
    }

    [Fact]
    public void Corim_that_is_too_large_is_refused() =>
        CorimPolicy.Import(new byte[(1024 * 1024) + 1]).Refusals.Single().Code.Should().Be(RefusalCode.DocumentTooLarge);

    private static ReferenceTuple Measured(string measurement) => _tuple with { Values = _tuple.Values.SetItem("measurement", measurement) };

    private static AttestationPolicy Policy(params ImmutableArray<ReferenceTuple> tuples) => new() { Accepted = tuples, CodeEndorsers = [] };
}
