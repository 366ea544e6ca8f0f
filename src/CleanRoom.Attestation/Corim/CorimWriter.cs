using System.Collections.Immutable;
using System.Formats.Cbor;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Corim;

/// <summary>Writes CoRIM: one CoMID, one reference triple for each tuple and chip.</summary>
internal static class CorimWriter
{
    /// <summary>Writes what can be written of a policy.</summary>
    public static Result<CorimExport> Write(AttestationPolicy policy)
    {
        var notKept = ImmutableArray.CreateBuilder<string>();
        var triples = new List<(ReferenceTuple Tuple, string Chip)>();
        for (var i = 0; i < policy.Accepted.Length; i++)
        {
            if (Problem(policy.Accepted[i]) is { } problem)
            {
                notKept.Add($"accepted tuple {i + 1}: {problem}");
            }
            else
            {
                triples.AddRange(policy.Accepted[i].ChipIds.Select(chip => (policy.Accepted[i], chip)));
            }
        }

        if (!policy.CodeEndorsers.IsEmpty)
        {
            notKept.Add($"{policy.CodeEndorsers.Length} code endorsers: a corim of reference values has no place for them");
        }

        return triples.Count is > 0 and <= CorimFormat.MaxTuples
            ? new CorimExport(new Bytes(Corim(EarResult.PolicyId(policy), triples)), notKept.ToImmutable())
            : new Refusal(
                RefusalCode.DocumentInvalid, $"1 to {CorimFormat.MaxTuples} tuples, counted for each chip, that a corim can hold",
                string.Join("; ", notKept.Prepend($"{triples.Count}")));
    }

    /// <summary>Says why a tuple cannot be written; null when it can. Leaving one out accepts less, never more.</summary>
    private static string? Problem(ReferenceTuple tuple)
    {
        if (!CorimFormat.IsName(tuple.Tee) || !tuple.Values.All(value => CorimFormat.IsName(value.Key) && CorimFormat.IsHex(value.Value))
            || !tuple.Values.ContainsKey(EvidenceClaims.Measurement))
        {
            return "its tee or values are of a form that evidence never meets";
        }

        if (!tuple.MinimumTcb.All(part => CorimFormat.IsName(part.Key) && part.Value >= 0))
        {
            return "its minimumTcb is of a form that evidence never meets";
        }

        if (tuple.ChipIds.IsEmpty || !(tuple.ChipIds is [CorimFormat.AnyChip] || tuple.ChipIds.All(CorimFormat.IsHex)))
        {
            return "its chipIds accept no chip";
        }

        return tuple.Values.Count + tuple.MinimumTcb.Count + 1 > CorimFormat.MaxMeasurements || tuple.Anchors.Length > CorimFormat.MaxAnchors
            ? $"it has more than {CorimFormat.MaxMeasurements} values, or more than {CorimFormat.MaxAnchors} anchors"
            : null;
    }

    private static byte[] Corim(string id, List<(ReferenceTuple Tuple, string Chip)> triples)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteTag((CborTag)CorimFormat.UnsignedCorim);
        writer.WriteStartMap(3);
        writer.WriteInt32(CorimFormat.CorimId);
        writer.WriteTextString(id);
        writer.WriteInt32(CorimFormat.CorimTags);
        writer.WriteStartArray(1);
        writer.WriteTag((CborTag)CorimFormat.ConciseMid);
        writer.WriteByteString(Mid(id, triples));
        writer.WriteEndArray();
        writer.WriteInt32(CorimFormat.CorimProfile);
        writer.WriteTag((CborTag)CorimFormat.UriTag);
        writer.WriteTextString(CorimFormat.Profile);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static byte[] Mid(string id, List<(ReferenceTuple Tuple, string Chip)> triples)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartMap(2);
        writer.WriteInt32(CorimFormat.MidIdentity);
        writer.WriteStartMap(1);
        writer.WriteInt32(0);
        writer.WriteTextString(id);
        writer.WriteEndMap();
        writer.WriteInt32(CorimFormat.MidTriples);
        writer.WriteStartMap(1);
        writer.WriteInt32(CorimFormat.ReferenceTriples);
        writer.WriteStartArray(triples.Count);
        foreach (var (tuple, chip) in triples)
        {
            writer.WriteStartArray(2);
            Environment(writer, tuple.Tee, chip);
            Measurements(writer, tuple);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndMap();
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void Environment(CborWriter writer, string tee, string chip)
    {
        var any = chip == CorimFormat.AnyChip;
        writer.WriteStartMap(any ? 1 : 2);
        writer.WriteInt32(CorimFormat.EnvironmentClass);
        writer.WriteStartMap(1);
        writer.WriteInt32(CorimFormat.ClassModel);
        writer.WriteTextString(tee);
        writer.WriteEndMap();
        if (!any)
        {
            writer.WriteInt32(CorimFormat.EnvironmentInstance);
            TaggedBytes(writer, Convert.FromHexString(chip));
        }

        writer.WriteEndMap();
    }

    private static void Measurements(CborWriter writer, ReferenceTuple tuple)
    {
        writer.WriteStartArray(tuple.Values.Count + tuple.MinimumTcb.Count + 1);
        foreach (var (claim, value) in tuple.Values)
        {
            var isMeasurement = claim == EvidenceClaims.Measurement;
            Measurement(writer, tuple, isMeasurement ? CorimFormat.MeasurementKey : CorimFormat.ClaimPrefix + claim, () => Value(writer, Convert.FromHexString(value), isMeasurement));
        }

        foreach (var (component, least) in tuple.MinimumTcb)
        {
            Measurement(writer, tuple, CorimFormat.TcbPrefix + component, () =>
            {
                writer.WriteInt32(CorimFormat.ValueSvn);
                writer.WriteTag((CborTag)CorimFormat.MinimumSvn);
                writer.WriteInt32(least);
            });
        }

        Measurement(writer, tuple, CorimFormat.DebugKey, () =>
        {
            writer.WriteInt32(CorimFormat.ValueFlags);
            writer.WriteStartMap(1);
            writer.WriteInt32(CorimFormat.FlagDebug);
            writer.WriteBoolean(tuple.Debug);
            writer.WriteEndMap();
        });
        writer.WriteEndArray();
    }

    /// <summary>Writes one measurement and the roots on whose word alone it counts.</summary>
    private static void Measurement(CborWriter writer, ReferenceTuple tuple, string key, Action value)
    {
        writer.WriteStartMap(tuple.Anchors.IsEmpty ? 2 : 3);
        writer.WriteInt32(CorimFormat.MeasurementName);
        writer.WriteTextString(key);
        writer.WriteInt32(CorimFormat.MeasurementValues);
        writer.WriteStartMap(1);
        value();
        writer.WriteEndMap();
        if (!tuple.Anchors.IsEmpty)
        {
            writer.WriteInt32(CorimFormat.AuthorizedBy);
            writer.WriteStartArray(tuple.Anchors.Length);
            foreach (var anchor in tuple.Anchors)
            {
                writer.WriteTag((CborTag)CorimFormat.KeyThumbprint);
                HashEntry(writer, CorimFormat.Sha256, anchor.ToArray());
            }

            writer.WriteEndArray();
        }

        writer.WriteEndMap();
    }

    private static void Value(CborWriter writer, byte[] value, bool isMeasurement)
    {
        if (isMeasurement && CorimFormat.AlgorithmOf(value.Length) is var algorithm and not 0)
        {
            writer.WriteInt32(CorimFormat.ValueDigests);
            writer.WriteStartArray(1);
            HashEntry(writer, algorithm, value);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteInt32(CorimFormat.ValueRaw);
            TaggedBytes(writer, value);
        }
    }

    private static void HashEntry(CborWriter writer, int algorithm, byte[] value)
    {
        writer.WriteStartArray(2);
        writer.WriteInt32(algorithm);
        writer.WriteByteString(value);
        writer.WriteEndArray();
    }

    private static void TaggedBytes(CborWriter writer, byte[] value)
    {
        writer.WriteTag((CborTag)CorimFormat.TaggedBytes);
        writer.WriteByteString(value);
    }
}
