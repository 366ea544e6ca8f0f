namespace CleanRoom.Engine.Results;

/// <summary>The rows are more bytes or cells than the query may give.</summary>
internal sealed class RowsTooLargeException : IOException
{
}
