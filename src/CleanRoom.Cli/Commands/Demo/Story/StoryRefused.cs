using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>The story cannot go on: something was refused. Caught where the command ends.</summary>
internal sealed class StoryRefused(ImmutableArray<Refusal> refusals) : Exception(refusals[0].ToString())
{
    /// <summary>Gets every reason.</summary>
    public ImmutableArray<Refusal> Refusals { get; } = refusals;
}
