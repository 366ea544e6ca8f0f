using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Protocol;

/// <summary>A value, or every reason why there is none. An expected refusal is a value, never an exception.</summary>
public sealed class Result<T>
    where T : notnull
{
    private readonly T? _value;

    private Result(T? value, ImmutableArray<Refusal> refusals) => (_value, Refusals) = (value, refusals);

    /// <summary>Gets all reasons; empty when accepted.</summary>
    public ImmutableArray<Refusal> Refusals { get; }

    /// <summary>Gets a value that says whether there is a value.</summary>
    public bool IsAccepted => Refusals.IsEmpty;

    /// <summary>Gets the value.</summary>
    /// <exception cref="InvalidOperationException">It was refused: the caller did not look.</exception>
    public T Value => IsAccepted
        ? _value!
        : throw new InvalidOperationException("refused: " + string.Join("; ", Refusals));

    /// <summary>Returns the value, or the reasons.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, out ImmutableArray<Refusal> refusals)
    {
        (value, refusals) = (_value, Refusals);
        return IsAccepted;
    }

    /// <summary>Goes on with the value, or passes the reasons on.</summary>
    public Result<TNext> Then<TNext>(Func<T, Result<TNext>> next)
        where TNext : notnull => IsAccepted ? next(_value!) : Refusals;

    /// <summary>Accepts.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Result.Accept is the named form.")]
    public static implicit operator Result<T>(T value) => new(value, []);

    /// <summary>Refuses for one reason.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Result.Refuse is the named form.")]
    public static implicit operator Result<T>(Refusal refusal) => new(default, [refusal]);

    /// <summary>Refuses for several reasons.</summary>
    /// <exception cref="ArgumentException">The list is empty: that would be an acceptance without a value.</exception>
    [SuppressMessage("Usage", "CA2225", Justification = "Result.Refuse is the named form.")]
    public static implicit operator Result<T>(ImmutableArray<Refusal> refusals) =>
        refusals.IsDefaultOrEmpty ? throw new ArgumentException("a refusal has at least one reason") : new(default, refusals);
}

/// <summary>Named forms of the conversions of <see cref="Result{T}"/>.</summary>
public static class Result
{
    /// <summary>Accepts.</summary>
    public static Result<T> Accept<T>(T value)
        where T : notnull => value;

    /// <summary>Refuses for one reason.</summary>
    public static Result<T> Refuse<T>(RefusalCode code, string wanted, string got)
        where T : notnull => new Refusal(code, wanted, got);
}
