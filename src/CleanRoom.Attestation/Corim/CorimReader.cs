using System.Collections.Immutable;
using System.Formats.Cbor;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Corim;

/// <summary>Reads CoRIM of the profile. Input: attacker-controlled, of a limited length.</summary>
internal sealed class CorimReader
{
    private readonly ImmutableArray<string>.Builder _notKept = ImmutableArray.CreateBuilder<string>();
    private readonly List<ReferenceTuple> _tuples = [];

    /// <summary>Reads the whole.</summary>
    /// <exception cref="CorimFormException">It is of another form, or says what a policy cannot.</exception>
    /// <exception cref="CborContentException">It is not CBOR.</exception>
    public CorimImport Read(ReadOnlyMemory<byte> corim)
    {
        var reader = StrictCbor.Open(corim);
        StrictCbor.Tag(reader, CorimFormat.UnsignedCorim, "an unsigned corim, since signed ones are not read");
        var (hasId, hasTags, profile) = (false, false, "none");
        StrictCbor.Map(reader, "corim-map", key =>
        {
            switch (key)
            {
                case CorimFormat.CorimId:
                    Identifier(reader, "corim id");
                    return hasId = true;
                case CorimFormat.CorimTags:
                    StrictCbor.Array(reader, "tags", CorimFormat.MaxTags, () => Mid(reader));
                    return hasTags = true;
                case CorimFormat.CorimProfile:
                    StrictCbor.Tag(reader, CorimFormat.UriTag, "a profile as a uri");
                    profile = StrictCbor.Text(reader, "profile");
                    return true;
                case CorimFormat.CorimEntities:
                    return Leave(reader, "who made the corim (entities): without a signature it is a mere statement");
                default:
                    return false;
            }
        });
        StrictCbor.End(reader, "the corim");
        Demand(hasId && hasTags, "a corim with id and tags", "one without");
        Demand(profile == CorimFormat.Profile, $"profile {CorimFormat.Profile}", Printable.Text(profile));
        Demand(_tuples.Count > 0, "at least one reference triple", "none");
        return new CorimImport(new AttestationPolicy { Accepted = [.. Joined()], CodeEndorsers = [] }, _notKept.ToImmutable());
    }

    private static void Demand(bool condition, string wanted, string got)
    {
        if (!condition)
        {
            throw new CorimFormException(wanted, got);
        }
    }

    /// <summary>An id is text, or the 16 bytes of a UUID.</summary>
    private static void Identifier(CborReader reader, string what)
    {
        if (reader.PeekState() == CborReaderState.TextString)
        {
            StrictCbor.Text(reader, what);
        }
        else
        {
            const int UuidBytes = 16;
            Demand(StrictCbor.ByteString(reader, what, UuidBytes).Length == UuidBytes, $"{what} as text or uuid", "other bytes");
        }
    }

    private bool Leave(CborReader reader, string what)
    {
        reader.SkipValue();
        _notKept.Add(what);
        return true;
    }

    private void Mid(CborReader outer)
    {
        StrictCbor.Tag(outer, CorimFormat.ConciseMid, "a comid");
        var reader = StrictCbor.Open(StrictCbor.ByteString(outer, "a comid", CorimFormat.MaxBytes));
        var (hasIdentity, hasTriples) = (false, false);
        StrictCbor.Map(reader, "concise-mid-tag", key =>
        {
            switch (key)
            {
                case CorimFormat.MidLanguage:
                    return Leave(reader, "the language of a comid");
                case CorimFormat.MidEntities:
                    return Leave(reader, "who made a comid (entities): without a signature it is a mere statement");
                case CorimFormat.MidIdentity:
                    Identity(reader);
                    return hasIdentity = true;
                case CorimFormat.MidTriples:
                    Triples(reader);
                    return hasTriples = true;
                default:
                    return false;
            }
        });
        StrictCbor.End(reader, "the comid");
        Demand(hasIdentity && hasTriples, "a comid with identity and triples", "one without");
    }

    private void Identity(CborReader reader)
    {
        const int Id = 0;
        const int Version = 1;
        StrictCbor.Map(reader, "tag-identity-map", key =>
        {
            if (key == Id)
            {
                Identifier(reader, "tag id");
                return true;
            }

            return key == Version && Leave(reader, "the version of a comid");
        });
    }

    private void Triples(CborReader reader) => StrictCbor.Map(reader, "triples-map", key =>
    {
        if (key != CorimFormat.ReferenceTriples)
        {
            return Leave(reader, $"triples of kind {key}: they add endorsed values, and no reference values");
        }

        StrictCbor.Array(reader, "reference triples", CorimFormat.MaxTuples, () => _tuples.Add(CorimTriple.Read(reader)));
        Demand(_tuples.Count <= CorimFormat.MaxTuples, $"at most {CorimFormat.MaxTuples} reference triples", "more");
        return true;
    });

    /// <summary>Puts tuples together that follow each other and differ in the chip alone.</summary>
    private List<ReferenceTuple> Joined()
    {
        var joined = new List<ReferenceTuple>();
        foreach (var tuple in _tuples)
        {
            if (joined.Count > 0 && joined[^1] is var last && DiffersInChipsAlone(last, tuple))
            {
                joined[^1] = last with { ChipIds = [.. last.ChipIds.Union(tuple.ChipIds, StringComparer.Ordinal)] };
            }
            else
            {
                joined.Add(tuple);
            }
        }

        return joined;
    }

    private static bool DiffersInChipsAlone(ReferenceTuple left, ReferenceTuple right) =>
        left.ChipIds is not [CorimFormat.AnyChip] && right.ChipIds is not [CorimFormat.AnyChip]
        && left.Tee == right.Tee && left.Debug == right.Debug && left.Values.SequenceEqual(right.Values)
        && left.MinimumTcb.SequenceEqual(right.MinimumTcb) && left.Anchors.SequenceEqual(right.Anchors);
}
