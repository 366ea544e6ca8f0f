namespace CleanRoom.Attestation;

/// <summary>What the asker knows of a field: its value, or a reason why it cannot know it yet.</summary>
/// <remarks>There is no third state: a field that nobody thought of does not compile.</remarks>
public sealed class Expected<T>
{
    private readonly bool _known;
    private readonly T? _value;

    internal Expected(bool known, T? value, string reason) => (_known, _value, Reason) = (known, value, reason);

    /// <summary>Gets why the value is learned and not compared; empty when it is compared.</summary>
    public string Reason { get; }

    /// <summary>Returns false when the value is known and another one came.</summary>
    /// <param name="got">Trust: attacker-controlled.</param>
    /// <param name="wanted">The known value, when there is one.</param>
    internal bool Accepts(T got, out T? wanted)
    {
        wanted = _value;
        return !_known || EqualityComparer<T>.Default.Equals(got, _value);
    }
}

/// <summary>Makes <see cref="Expected{T}"/>.</summary>
public static class Expected
{
    /// <summary>The field must be this.</summary>
    public static Expected<T> Exactly<T>(T value) => new(known: true, value, string.Empty);

    /// <summary>The field is learned from the evidence, for a reason that a reader of the code can judge.</summary>
    public static Expected<T> Learned<T>(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(known: false, default, reason);
    }
}
