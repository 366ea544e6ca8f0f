using System.Formats.Cbor;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Cose;

/// <summary>Makes COSE messages the way a signer does, and wrong ones.</summary>
internal static class CoseBuilder
{
    public const ulong Sign1 = 18;
    public const ulong Mac0 = 17;

    /// <summary>Gets an empty map.</summary>
    public static byte[] NoHeader { get; } = Map();

    /// <summary>Writes a map; keys are long or string; values are what <see cref="Write"/> knows.</summary>
    public static byte[] Map(params (object Key, object? Value)[] entries)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        Write(writer, entries);
        return writer.Encode();
    }

    /// <summary>Returns the protected header {1: algorithm}.</summary>
    public static byte[] Header(long algorithm) => Map((1L, algorithm));

    /// <summary>Signs as ECDSA with r and s side by side.</summary>
    public static byte[] Sign(TestKey key, byte[] header, byte[] payload) => Message(Sign1, header, NoHeader, payload, key.SignRaw(ToBeSigned(header, payload)));

    /// <summary>Puts a message together.</summary>
    public static byte[] Message(ulong? tag, byte[] header, byte[] unprotected, byte[] payload, byte[] signature)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        if (tag is { } number)
        {
            writer.WriteTag((CborTag)number);
        }

        writer.WriteStartArray(4);
        writer.WriteByteString(header);
        writer.WriteEncodedValue(unprotected);
        writer.WriteByteString(payload);
        writer.WriteByteString(signature);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Returns the Sig_structure.</summary>
    public static byte[] ToBeSigned(byte[] header, byte[] payload)
    {
        var writer = new CborWriter();
        writer.WriteStartArray(4);
        writer.WriteTextString("Signature1");
        writer.WriteByteString(header);
        writer.WriteByteString([]);
        writer.WriteByteString(payload);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Writes a value: number, text, bytes, null, list, or map as pairs.</summary>
    public static void Write(CborWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case byte[] bytes:
                writer.WriteByteString(bytes);
                break;
            case string text:
                writer.WriteTextString(text);
                break;
            case (object Key, object? Value)[] entries:
                writer.WriteStartMap(entries.Length);
                foreach (var (key, one) in entries)
                {
                    Write(writer, key);
                    Write(writer, one);
                }

                writer.WriteEndMap();
                break;
            case object?[] items:
                writer.WriteStartArray(items.Length);
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case Tagged tagged:
                writer.WriteTag((CborTag)tagged.Tag);
                Write(writer, tagged.Value);
                break;
            default:
                writer.WriteInt64(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>A value with a tag.</summary>
    internal sealed record Tagged(ulong Tag, object? Value);
}
