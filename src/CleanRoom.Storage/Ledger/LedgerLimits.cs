namespace CleanRoom.Storage.Ledger;

/// <summary>The limits that every <see cref="ILedgerStore"/> enforces before it allocates or writes.</summary>
public static class LedgerLimits
{
    /// <summary>Most characters of a collaboration's id and of a witness's name.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Most rows of one append.</summary>
    public const int MaxRowsPerAppend = 1_024;

    /// <summary>Most bytes of one sealed row: 4 MiB.</summary>
    public const int MaxRowBytes = 4 * 1024 * 1024;

    /// <summary>Most characters of a note: 64 Ki.</summary>
    public const int MaxNoteLength = 64 * 1024;

    /// <summary>Most bytes of a sealed secret: 64 KiB.</summary>
    public const int MaxSecretBytes = 64 * 1024;

    /// <summary>Checks the arguments of <see cref="ILedgerStore.AppendAsync"/>.</summary>
    /// <exception cref="ArgumentException">An argument breaks the contract.</exception>
    public static void CheckAppend(string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote)
    {
        CheckName(collaboration, nameof(collaboration));
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSequence);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count is 0 or > MaxRowsPerAppend)
        {
            throw new ArgumentException($"wanted 1 to {MaxRowsPerAppend} rows, got {rows.Count}", nameof(rows));
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Sequence != expectedSequence + i)
            {
                throw new ArgumentException($"wanted sequence {expectedSequence + i}, got {rows[i].Sequence}", nameof(rows));
            }

            if (rows[i].Ciphertext.Length is 0 or > MaxRowBytes)
            {
                throw new ArgumentException($"wanted rows of 1 to {MaxRowBytes} bytes, got {rows[i].Ciphertext.Length}", nameof(rows));
            }
        }

        CheckNote(checkpointNote, nameof(checkpointNote));
    }

    /// <summary>Checks the range of <see cref="ILedgerStore.ReadAsync"/>.</summary>
    /// <exception cref="ArgumentException">An argument breaks the contract.</exception>
    public static void CheckRange(string collaboration, long fromSequence, long toSequence)
    {
        CheckName(collaboration, nameof(collaboration));
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        ArgumentOutOfRangeException.ThrowIfLessThan(toSequence, fromSequence);
    }

    /// <summary>Checks a collaboration's id or a witness's name.</summary>
    /// <exception cref="ArgumentException">It is empty, too long or not printable ASCII.</exception>
    public static void CheckName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > MaxNameLength || !name.All(c => c is > ' ' and <= '~'))
        {
            throw new ArgumentException($"wanted 1 to {MaxNameLength} printable ascii characters", parameter);
        }
    }

    /// <summary>Checks a cosignature.</summary>
    /// <exception cref="ArgumentException">A part breaks the contract.</exception>
    public static void CheckCosignature(StoredCosignature cosignature)
    {
        ArgumentNullException.ThrowIfNull(cosignature);
        ArgumentOutOfRangeException.ThrowIfNegative(cosignature.TreeSize, nameof(cosignature));
        CheckName(cosignature.Witness, nameof(cosignature));
        CheckNote(cosignature.Note, nameof(cosignature));
    }

    /// <summary>Checks a sealed secret.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static void CheckSecret(ReadOnlyMemory<byte> sealedSecret)
    {
        if (sealedSecret.Length is 0 or > MaxSecretBytes)
        {
            throw new ArgumentException($"wanted 1 to {MaxSecretBytes} bytes, got {sealedSecret.Length}", nameof(sealedSecret));
        }
    }

    private static void CheckNote(string note, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(note, parameter);
        if (note.Length > MaxNoteLength)
        {
            throw new ArgumentException($"wanted at most {MaxNoteLength} characters, got {note.Length}", parameter);
        }
    }
}
