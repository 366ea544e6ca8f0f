using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

public class HistoryStateCodecTests
{
    private const int Units = 40;
    private const int MinUnits = 3;
    private static readonly byte[] Salt = [.. Enumerable.Range(1, HistoryStateCodec.SaltBytes).Select(i => (byte)i)];

    private static readonly Dictionary<string, string> _wanted = new()
    {
        ["version"] = "a history state of version 1",
        ["scope"] = $"scope {SmallUniverse.Scope.Digest}",
        ["units"] = "40 units",
        ["counts"] = "counts within their limits that give the length",
        ["form"] = "atoms in the order of their first units, told apart by different sets, within the limits",
    };

    private static readonly Gen<UnitSet[]> Offers = Gen.Long[0, (1L << Units) - 1].Select(bits =>
        UnitSet.Of([.. Enumerable.Range(0, Units).Where(unit => (bits >> unit & 1) != 0).Select(unit => (uint)unit)])).Array[0, 6];

    [Fact]
    public void Decode_encodedState_goesOnAsTheStateDoes() => Gen.Select(Offers, Offers).Sample((before, after) =>
    {
        var audit = Audit(before);
        var again = Read(HistoryStateCodec.Encode(audit, Salt)).Value;
        HistoryStateCodec.Encode(again, Salt).Should().Equal(HistoryStateCodec.Encode(audit, Salt));
        foreach (var set in after)
        {
            again.Offer(set).Should().Be(audit.Offer(set));
        }

        HistoryStateCodec.Encode(again, Salt).Should().Equal(HistoryStateCodec.Encode(audit, Salt));
    });

    [Fact]
    public void Decode_anyByteChanged_doesNotFitTheCommitment()
    {
        var state = HistoryStateCodec.Encode(Sample(), Salt);
        var commitment = HistoryStateCodec.Commit(state);
        for (var place = 0; place < state.Length; place++)
        {
            var changed = state.ToArray();
            changed[place] ^= 0x40;
            HistoryStateCodec.Decode(changed, commitment, SmallUniverse.Scope, Units).Refusals.Should().Equal(new Refusal(
                RefusalCode.SealInvalid, $"the history state with commitment {commitment}", $"commitment {HistoryStateCodec.Commit(changed)}"));
        }
    }

    [Fact]
    public void Decode_anOlderState_doesNotFitTheNewestCommitment()
    {
        var audit = Sample();
        var older = HistoryStateCodec.Encode(audit, Salt);
        audit.Charge(1, MinUnits);
        var newest = HistoryStateCodec.Commit(HistoryStateCodec.Encode(audit, Salt));
        HistoryStateCodec.Decode(older, newest, SmallUniverse.Scope, Units).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public void Decode_bytesChangedAndCommittedTo_refusesOrIsWhatThoseBytesAre() => Gen.Select(Offers, Gen.Int[0, 1 << 20], Gen.Byte[1, 255]).Sample(
        (offers, place, change) =>
        {
            var state = HistoryStateCodec.Encode(Audit(offers), Salt);
            state[place % state.Length] ^= change;
            if (Read(state).TryGet(out var audit, out _))
            {
                HistoryStateCodec.Encode(audit, state.AsSpan(4, HistoryStateCodec.SaltBytes)).Should().Equal(state);
            }
        },
        iter: 2_000);

    [Fact]
    public void Decode_bytesCutOffOrExtended_refuses()
    {
        var state = HistoryStateCodec.Encode(Sample(), Salt);
        for (var length = 0; length < state.Length; length++)
        {
            Refuses(state[..length], length < HistoryStateCodec.HeadBytes ? "version" : "counts");
        }

        Refuses([.. state, 0], "counts");
    }

    /// <summary>Bytes that no audit gives, each with a commitment of its own. Offsets are those of contracts/spec/0015 s.5.</summary>
    [Theory]
    [InlineData("another version", 3, 0x32, "version")]
    [InlineData("another scope", 40, 0x55, "scope")]
    [InlineData("another number of units", 71, 41, "units")]
    [InlineData("a threshold of 0", 75, 0, "counts")]
    [InlineData("a negative threshold", 72, 0x80, "counts")]
    [InlineData("more cells than can be offered", 78, 0x11, "counts")]
    [InlineData("more sets than there are bytes for", 81, 3, "counts")]
    [InlineData("no atom", 83, 0, "counts")]
    [InlineData("more atoms than occur", 83, 4, "form")]
    [InlineData("fewer atoms than occur", 83, 2, "form")]
    [InlineData("units that begin with another atom than 0", 85, 1, "form")]
    [InlineData("an atom before its turn", 95, 2, "form")]
    [InlineData("a bit for no atom", 164, 0x81, "form")]
    [InlineData("an empty set", 164, 0, "form")]
    [InlineData("the set of all units", 164, 7, "form")]
    [InlineData("a set a second time", 165, 1, "form")]
    [InlineData("atoms that no set tells apart", 165, 6, "form")]
    public void Decode_malformedBytes_refuses(string name, int place, byte value, string wanted)
    {
        var state = HistoryStateCodec.Encode(Sample(), Salt);
        Read(state).IsAccepted.Should().BeTrue();
        state[place].Should().NotBe(value, name);
        state[place] = value;
        Refuses(state, wanted);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, HistoryLimits.MaxCells)]
    [InlineData(40, int.MaxValue, 1)]
    public void Decode_stateAtItsLimits_isRead(int units, int minUnits, int cells)
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, units);
        audit.Charge(cells, minUnits);
        var state = HistoryStateCodec.Encode(audit, Salt);
        HistoryStateCodec.Decode(state, HistoryStateCodec.Commit(state), SmallUniverse.Scope, units).Value.CellsOffered.Should().Be(cells);
    }

    [Fact]
    public void Encode_saltOfAnotherLength_throws() =>
        FluentActions.Invoking(() => HistoryStateCodec.Encode(Sample(), new byte[31])).Should().Throw<ArgumentException>().WithMessage("wanted 32 bytes, got 31*");

    [Fact]
    public void Commit_anotherSalt_isAnother() => HistoryStateCodec.Commit(HistoryStateCodec.Encode(Sample(), Salt))
        .Should().NotBe(HistoryStateCodec.Commit(HistoryStateCodec.Encode(Sample(), new byte[32])));

    [Fact]
    public void Offer_cellsOfTheVector_givesItsDecisionsAndBytes()
    {
        var vector = HistoryVectors.History;
        var scope = new HistoryScope(vector.Collaboration, vector.UnitDomain, vector.Snapshot, vector.Receivers.Reverse());
        scope.Digest.Should().Be(vector.ScopeDigest);
        var audit = new HistoryAudit(scope, vector.Units);
        foreach (var (first, count, decision) in vector.Cells)
        {
            HistoryRule[] rules = [new(audit, vector.MinUnits, 100)];
            HistoryBatch.Offer(rules, [new([new(0, UnitSet.Range(first, count))], [])], 1).Value.Single().Row.ToString().Should().Be(decision);
        }

        var state = HistoryStateCodec.Encode(audit, vector.Salt);
        state.Should().Equal(vector.State);
        HistoryStateCodec.Commit(state).Should().Be(vector.Commitment);
    }

    [Theory]
    [InlineData("other", "person-v1", "agency")]
    [InlineData("collaboration", "home-v1", "agency")]
    [InlineData("collaboration", "person-v1", "brand")]
    public void Scope_anythingElse_isAnother(string collaboration, string domain, string receiver) =>
        new HistoryScope(collaboration, domain, Digest.Of("snapshot"u8), [receiver]).Digest.Should().NotBe(SmallUniverse.Scope.Digest);

    [Fact]
    public void Scope_noReceiverOrOneTwice_throws()
    {
        foreach (string[] receivers in (string[][])[[], ["agency", "agency"]])
        {
            FluentActions.Invoking(() => new HistoryScope("collaboration", "person-v1", default, receivers)).Should().Throw<ArgumentException>()
                .WithMessage($"wanted different receivers, at least one; got {receivers.Length}*");
        }

        FluentActions.Invoking(() => new HistoryScope(string.Empty, "person-v1", default, ["agency"])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new HistoryScope("collaboration", string.Empty, default, ["agency"])).Should().Throw<ArgumentException>();
    }

    /// <summary>Units 0 to 4 are atom 0, 5 to 19 atom 1, 20 to 39 atom 2; the sets are atoms {0} and {0, 1}.</summary>
    private static HistoryAudit Sample() => Audit([UnitSet.Range(0, 5), UnitSet.Range(0, 20)]);

    private static HistoryAudit Audit(UnitSet[] offers)
    {
        var audit = SmallUniverse.Audit(Units, MinUnits);
        foreach (var set in offers)
        {
            audit.Charge(1, MinUnits);
            audit.Offer(set);
        }

        return audit;
    }

    private static Result<HistoryAudit> Read(byte[] state) =>
        HistoryStateCodec.Decode(state, HistoryStateCodec.Commit(state), SmallUniverse.Scope, Units);

    private static void Refuses(byte[] state, string wanted) => Read(state).Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal =>
        refusal.Code == RefusalCode.DocumentInvalid && refusal.Got.Length > 0 && refusal.Wanted == _wanted[wanted]);
}
