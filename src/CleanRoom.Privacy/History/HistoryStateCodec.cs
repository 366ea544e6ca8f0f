using System.Buffers.Binary;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.History;

/// <summary>The one byte form of a history state, and its commitment.</summary>
/// <remarks>The bytes are secret. They leave the guest sealed under the guest-only key alone. Spec: contracts/spec/0015 s.5.</remarks>
public static class HistoryStateCodec
{
    /// <summary>Length of the salt, in bytes.</summary>
    public const int SaltBytes = 32;

    internal const int HeadBytes = 4 + SaltBytes + Digest.Length + (3 * sizeof(uint)) + (2 * sizeof(ushort));
    private const string Label = "cleanroom/v1/history-state";

    internal static ReadOnlySpan<byte> Magic => "CRH1"u8;

    /// <summary>Computes SHA-256("cleanroom/v1/history-state" || 0x00 || state). It may be shown: the salt in the state makes a guess unconfirmable.</summary>
    public static Digest Commit(ReadOnlySpan<byte> state) => Digest.Labelled(Label, state);

    /// <summary>Writes a state.</summary>
    /// <param name="audit">The state.</param>
    /// <param name="salt">32 bytes, fresh from a random source for every state that is written.</param>
    /// <exception cref="ArgumentException">The salt has another length.</exception>
    public static byte[] Encode(HistoryAudit audit, ReadOnlySpan<byte> salt)
    {
        ArgumentNullException.ThrowIfNull(audit);
        if (salt.Length != SaltBytes)
        {
            throw new ArgumentException($"wanted {SaltBytes} bytes, got {salt.Length}", nameof(salt));
        }

        // Atoms are numbered as they first occur among the units, so that the bytes do not depend on how they came about.
        var (number, order) = (new int[audit.Atoms], new List<int>(audit.Atoms));
        Array.Fill(number, -1);
        var bytes = new byte[Length(audit.Units, audit.SetsReleased, audit.Atoms)];
        var at = HeadBytes;
        foreach (var atom in audit.AtomOfUnit)
        {
            if (number[atom] < 0)
            {
                number[atom] = order.Count;
                order.Add(atom);
            }

            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)number[atom]);
            at += sizeof(ushort);
        }

        for (var set = 1; set <= audit.SetsReleased; set++)
        {
            for (var atom = 0; atom < order.Count; atom++)
            {
                if (audit.Released.Has(set, order[atom]))
                {
                    bytes[at + (atom >> 3)] |= (byte)(1 << (atom & 7));
                }
            }

            at += SetBytes(order.Count);
        }

        WriteHead(audit, salt, bytes);
        return bytes;
    }

    /// <summary>Reads a state that has a commitment.</summary>
    /// <param name="state">Opened with the guest-only key. Trust: host-controlled until the commitment fits, since an older state opens too.</param>
    /// <param name="commitment">The commitment in the newest result row of the scope.</param>
    /// <param name="scope">The scope that it is wanted for.</param>
    /// <param name="units">The number of units that it is wanted for.</param>
    /// <returns>The audit; or <see cref="RefusalCode.SealInvalid"/> for another commitment, <see cref="RefusalCode.DocumentInvalid"/> for another scope,
    /// another number of units, or bytes that <see cref="Encode"/> does not give.</returns>
    public static Result<HistoryAudit> Decode(ReadOnlySpan<byte> state, Digest commitment, HistoryScope scope, int units)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var got = Commit(state);
        return got == commitment
            ? HistoryStateReader.Read(state, scope, units)
            : new Refusal(RefusalCode.SealInvalid, $"the history state with commitment {commitment}", $"commitment {got}");
    }

    /// <summary>Returns the length of a state in bytes.</summary>
    internal static long Length(int units, int sets, int atoms) =>
        HeadBytes + ((long)units * sizeof(ushort)) + ((long)sets * SetBytes(atoms));

    /// <summary>Returns the length of a set in bytes: one bit for each atom.</summary>
    internal static int SetBytes(int atoms) => (atoms + 7) >> 3;

    private static void WriteHead(HistoryAudit audit, ReadOnlySpan<byte> salt, Span<byte> head)
    {
        Magic.CopyTo(head);
        salt.CopyTo(head[4..]);
        audit.Scope.Digest.CopyTo(head[36..]);
        BinaryPrimitives.WriteInt32BigEndian(head[68..], audit.Units);
        BinaryPrimitives.WriteInt32BigEndian(head[72..], audit.MinUnits);
        BinaryPrimitives.WriteInt32BigEndian(head[76..], audit.CellsOffered);
        BinaryPrimitives.WriteUInt16BigEndian(head[80..], (ushort)audit.SetsReleased);
        BinaryPrimitives.WriteUInt16BigEndian(head[82..], (ushort)audit.Atoms);
    }
}
