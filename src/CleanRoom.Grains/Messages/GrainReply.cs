using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Messages;

/// <summary>A <see cref="Result{T}"/> between silos and gateways.</summary>
[GenerateSerializer]
[Alias("cleanroom.reply`1")]
public sealed class GrainReply<T>
    where T : notnull
{
    /// <summary>Gets the value; meaningless when there are refusals.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>Gets all reasons; empty when accepted.</summary>
    [Id(1)]
    public ImmutableArray<GrainRefusal> Refusals { get; init; } = [];

    /// <summary>Returns the result that was sent.</summary>
    public Result<T> ToResult() => Refusals.IsEmpty
        ? Value!
        : Refusals.Select(refusal => refusal.ToRefusal()).ToImmutableArray();
}

/// <summary>A <see cref="Refusal"/> between silos and gateways.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.refusal")]
public sealed record GrainRefusal(RefusalCode Code, string Wanted, string Got)
{
    /// <summary>Returns the refusal that was sent.</summary>
    public Refusal ToRefusal() => new(Code, Wanted, Got);
}

/// <summary>Conversions to <see cref="GrainReply{T}"/>.</summary>
public static class GrainReplies
{
    /// <summary>Wraps a result for the way.</summary>
    public static GrainReply<T> ToReply<T>(this Result<T> result)
        where T : notnull => result.IsAccepted
        ? new GrainReply<T> { Value = result.Value }
        : Refuse<T>(result.Refusals);

    /// <summary>Wraps a refusal for the way.</summary>
    public static GrainRefusal ToGrain(this Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new(refusal.Code, refusal.Wanted, refusal.Got);
    }

    /// <summary>Refuses.</summary>
    public static GrainReply<T> Refuse<T>(ImmutableArray<Refusal> refusals)
        where T : notnull => new() { Refusals = [.. refusals.Select(ToGrain)] };
}
