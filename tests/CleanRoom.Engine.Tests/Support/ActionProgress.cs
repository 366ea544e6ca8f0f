namespace CleanRoom.Engine.Tests.Support;

/// <summary>Progress that calls back at once, on the reporting thread.</summary>
internal sealed class ActionProgress<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
