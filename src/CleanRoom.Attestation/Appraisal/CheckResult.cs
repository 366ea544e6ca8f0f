using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>The outcome of a step, or every check that failed in it.</summary>
public sealed class CheckResult<T>
    where T : class
{
    private readonly T? _value;

    private CheckResult(T? value, ImmutableArray<FailedCheck> failures) => (_value, Failures) = (value, failures);

    /// <summary>Gets the failed checks; empty when the step passed.</summary>
    public ImmutableArray<FailedCheck> Failures { get; }

    /// <summary>Returns the outcome, or false with the failures.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, out ImmutableArray<FailedCheck> failures)
    {
        (value, failures) = (_value, Failures);
        return _value is not null;
    }

    /// <summary>The step passed.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "A step returns its value or its failures; no other name helps.")]
    public static implicit operator CheckResult<T>(T value) => new(value, []);

    /// <summary>One check failed.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "A step returns its value or its failures; no other name helps.")]
    public static implicit operator CheckResult<T>(FailedCheck failure) => new(null, [failure]);

    /// <summary>Several checks failed.</summary>
    /// <exception cref="ArgumentException">The list is empty: that would be an acceptance without a value.</exception>
    [SuppressMessage("Usage", "CA2225", Justification = "A step returns its value or its failures; no other name helps.")]
    public static implicit operator CheckResult<T>(ImmutableArray<FailedCheck> failures) =>
        failures.IsDefaultOrEmpty ? throw new ArgumentException("a failed step names at least one check", nameof(failures)) : new(null, failures);
}
