using System.Collections.Immutable;
using System.Formats.Cbor;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Corim;

/// <summary>Reads one reference triple into a tuple.</summary>
internal sealed class CorimTriple
{
    private readonly CborReader _reader;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tcb = new(StringComparer.Ordinal);
    private ImmutableArray<Digest>? _anchors;
    private string? _tee;
    private string _chip = CorimFormat.AnyChip;
    private bool? _debug;

    private CorimTriple(CborReader reader) => _reader = reader;

    /// <summary>Reads.</summary>
    /// <exception cref="CorimFormException">It is of another form, or says what a tuple cannot.</exception>
    public static ReferenceTuple Read(CborReader reader)
    {
        var triple = new CorimTriple(reader);
        var position = 0;
        StrictCbor.Array(reader, "parts of a reference triple", 2, () =>
        {
            if (position++ == 0)
            {
                triple.Environment();
            }
            else
            {
                StrictCbor.Array(reader, "measurements", CorimFormat.MaxMeasurements, triple.Measurement);
            }
        });
        if (triple._tee is not { } tee || !triple._values.ContainsKey(EvidenceClaims.Measurement))
        {
            throw new CorimFormException("a reference triple with a class and a measurement", "one without");
        }

        return new ReferenceTuple
        {
            Tee = tee,
            Values = triple._values.ToImmutableSortedDictionary(StringComparer.Ordinal),
            MinimumTcb = triple._tcb.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ChipIds = [triple._chip],
            Anchors = triple._anchors ?? [],
            Debug = triple._debug ?? false,
        };
    }

    private static void Demand(bool condition, string wanted, string got)
    {
        if (!condition)
        {
            throw new CorimFormException(wanted, got);
        }
    }

    private void Environment() => StrictCbor.Map(_reader, "environment-map", key =>
    {
        switch (key)
        {
            case CorimFormat.EnvironmentClass:
                StrictCbor.Map(_reader, "class-map", part =>
                {
                    if (part != CorimFormat.ClassModel)
                    {
                        return false;
                    }

                    _tee = StrictCbor.Text(_reader, "model");
                    Demand(CorimFormat.IsName(_tee), "a model that is the name of a tee", Printable.Text(_tee));
                    return true;
                });
                return true;
            case CorimFormat.EnvironmentInstance:
                _chip = Hex.Of(TaggedBytes("an instance"));
                return true;
            default:
                return false;
        }
    });

    private void Measurement()
    {
        string? name = null;
        Action<string>? keep = null;
        ImmutableArray<Digest> anchors = [];
        StrictCbor.Map(_reader, "measurement-map", key =>
        {
            switch (key)
            {
                case CorimFormat.MeasurementName:
                    name = StrictCbor.Text(_reader, "mkey");
                    return true;
                case CorimFormat.MeasurementValues:
                    StrictCbor.Map(_reader, "measurement-values-map", kind => (keep = keep is null ? Value(kind) : null) is not null);
                    return true;
                case CorimFormat.AuthorizedBy:
                    anchors = Anchors();
                    return true;
                default:
                    return false;
            }
        });
        Demand(name is not null && keep is not null, "a measurement with mkey and mval", "one without");
        keep!(name!);
        Demand(_anchors?.SequenceEqual(anchors) ?? true, "the same authorized-by for all measurements of a triple", "several");
        _anchors = anchors;
    }

    /// <summary>Reads one value and returns how it is kept under its name; null for a kind that a tuple has no place for.</summary>
    private Action<string>? Value(int kind)
    {
        switch (kind)
        {
            case CorimFormat.ValueDigests:
                var digests = new List<(int Algorithm, byte[] Value)>();
                StrictCbor.Array(_reader, "digests of a measurement", 1, () => digests.Add(HashEntry()));
                return name => KeepClaim(name, digests[0].Value);
            case CorimFormat.ValueRaw:
                var raw = TaggedBytes("a raw value");
                return name => KeepClaim(name, raw);
            case CorimFormat.ValueSvn:
                StrictCbor.Tag(_reader, CorimFormat.MinimumSvn, "a least svn, since a tuple cannot want an exact one");
                StrictCbor.Require(_reader, CborReaderState.UnsignedInteger, "a number");
                var least = _reader.ReadInt32();
                return name => KeepFloor(name, least);
            case CorimFormat.ValueFlags:
                var debug = false;
                StrictCbor.Map(_reader, "flags-map", flag =>
                {
                    StrictCbor.Require(_reader, CborReaderState.Boolean, "a flag");
                    debug = _reader.ReadBoolean();
                    return flag == CorimFormat.FlagDebug;
                });
                return name => KeepDebug(name, debug);
            default:
                return null;
        }
    }

    private void KeepClaim(string name, byte[] value)
    {
        var claim = name == CorimFormat.MeasurementKey ? EvidenceClaims.Measurement : After(name, CorimFormat.ClaimPrefix);
        Demand(claim != EvidenceClaims.Measurement || name == CorimFormat.MeasurementKey, "the measurement under its own name", "under another");
        Demand(claim.All(char.IsAsciiLetterOrDigit) && _values.TryAdd(claim, Hex.Of(value)), "each claim once", Printable.Text(name));
    }

    private void KeepFloor(string name, int least) =>
        Demand(_tcb.TryAdd(After(name, CorimFormat.TcbPrefix), least), "each component once", Printable.Text(name));

    private void KeepDebug(string name, bool debug)
    {
        Demand(name == CorimFormat.DebugKey && _debug is null, "flags under the name debug, once", Printable.Text(name));
        _debug = debug;
    }

    private static string After(string name, string prefix)
    {
        var rest = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : string.Empty;
        Demand(CorimFormat.IsName(rest), $"an mkey {prefix}NAME", Printable.Text(name));
        return rest;
    }

    private ImmutableArray<Digest> Anchors()
    {
        var anchors = ImmutableArray.CreateBuilder<Digest>();
        StrictCbor.Array(_reader, "keys in authorized-by", CorimFormat.MaxAnchors, () =>
        {
            StrictCbor.Tag(_reader, CorimFormat.KeyThumbprint, "the thumbprint of a key");
            var (algorithm, value) = HashEntry();
            Demand(algorithm == CorimFormat.Sha256, "a thumbprint by sha-256", $"algorithm {algorithm}");
            anchors.Add(new Digest(value));
        });
        return anchors.ToImmutable();
    }

    private (int Algorithm, byte[] Value) HashEntry()
    {
        var (algorithm, value, position) = (0, System.Array.Empty<byte>(), 0);
        StrictCbor.Array(_reader, "parts of a digest", 2, () =>
        {
            if (position++ == 0)
            {
                StrictCbor.Require(_reader, CborReaderState.UnsignedInteger, "the number of an algorithm");
                algorithm = _reader.ReadInt32();
            }
            else
            {
                value = StrictCbor.ByteString(_reader, "a digest", CorimFormat.MaxValueBytes);
            }
        });
        Demand(algorithm != 0 && CorimFormat.AlgorithmOf(value.Length) == algorithm, "a sha-2 digest of its algorithm's length", $"{value.Length} bytes of algorithm {algorithm}");
        return (algorithm, value);
    }

    private byte[] TaggedBytes(string what)
    {
        StrictCbor.Tag(_reader, CorimFormat.TaggedBytes, what);
        return StrictCbor.ByteString(_reader, what, CorimFormat.MaxValueBytes);
    }
}
